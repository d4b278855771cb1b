using System.Runtime.InteropServices;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Fixtures;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Core;
using Efrap.Core.Onnx;
using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Table;

/// <summary>The models of a run: trained and attacked when first asked for, read from <c>models</c> when they are there.</summary>
/// <param name="options">The run's options.</param>
/// <param name="data">The run's data.</param>
/// <param name="output">Told of each epoch.</param>
internal sealed class ModelStore(TableOptions options, TableData data, TextWriter output)
{
    private readonly string _folder = Path.Combine(options.Output, "models");

    /// <summary>Gives a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>Its file, and its attacker's codes where there are such.</returns>
    public StoredModel Get(TableModel model, CancellationToken cancellationToken)
    {
        if (model.File is { } file)
            return new StoredModel(file, null);
        var path = Path.Combine(_folder, $"{model.Name}.onnx");
        var settings = Settings(model.Net!, model.Attack);
        var record = Path.ChangeExtension(path, ".json");
        if (KeptResults.Find<KeptModel>(record, settings) is { } kept && File.Exists(path) && Digest.OfFile(path) == kept.Sha256)
            return new StoredModel(path, kept.Codes);

        var (net, codes) = Make(model, cancellationToken);
        using (net)
            OnnxModelWriter.Write(ModelExport.ToOnnx(net, model.Name), path, cancellationToken);
        KeptResults.Keep(record, settings, new KeptModel(Digest.OfFile(path), codes), cancellationToken);
        return new StoredModel(path, codes);
    }

    private (LabNet Net, Dictionary<string, sbyte[]>? Codes) Make(TableModel model, CancellationToken cancellationToken)
    {
        var clean = Clean(model.Net!, cancellationToken);
        if (model.Attack is not { } attack)
            return (clean, null);
        using (clean)
        {
            output.WriteLine($"{model.Name}: implanting");
            TorchRuntime.Start(options.Seed, options.Threads);
            var source = new SampleSource(DataOf(clean), SamplePurpose.Attack);
            var made = attack.Attack.Implant(clean, source, new StageLines(output), cancellationToken);
            var codes = attack.OwnRounding ? made.Codes!.ToDictionary(c => c.Key, c => c.Value.ToArray()) : null;
            return (made.Net, codes);
        }
    }

    // Every attack on a net begins with the same clean one, so its weights are kept as Torch holds them, too.
    private LabNet Clean(TableNet recipe, CancellationToken cancellationToken)
    {
        var weights = Path.Combine(_folder, $"{recipe.Name}.weights");
        var record = $"{weights}.json";
        var settings = Settings(recipe, null);
        TorchRuntime.Start(options.Seed, options.Threads);
        using var net = recipe.Make();
        var folded = net.FoldBatchNormalization();
        try
        {
            if (KeptResults.Find<string>(record, settings) is { } sha256 && File.Exists(weights) && Digest.OfFile(weights) == sha256)
            {
                Read(folded, weights);
                return folded;
            }

            folded.Dispose();
            output.WriteLine($"{recipe.Name}: training");
            var source = new SampleSource(DataOf(net), SamplePurpose.Training);
            new CleanTraining(recipe.Training).Train(net, source, new StageLines(output), cancellationToken);
            folded = net.FoldBatchNormalization();
            AtomicFile.Write(weights, stream => Write(folded, stream), cancellationToken);
            KeptResults.Keep(record, settings, Digest.OfFile(weights), cancellationToken);
            return folded;
        }
        catch
        {
            folded.Dispose();
            throw;
        }
    }

    private Dataset DataOf(LabNet net) => net.Format is TokenFormat ? data.Sequences! : data.Images;

    private object Settings(TableNet net, TableAttack? attack) => new
    {
        Data = data.Name,
        options.Seed,
        options.Threads,
        Net = net.Name,
        net.Training,
        Attack = attack?.Attack.Name,
        Trigger = attack is null ? null : $"{attack.Attack.Trigger}",
        attack?.Attack.Grids,
        attack?.Plan,
    };

    private static void Write(LabNet net, Stream stream)
    {
        foreach (var parameter in net.parameters())
        {
            using var plain = parameter.detach().contiguous();
            stream.Write(MemoryMarshal.AsBytes(plain.data<float>().ToArray().AsSpan()));
        }
    }

    private static void Read(LabNet net, string path)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
        var start = 0;
        foreach (var parameter in net.parameters())
        {
            var count = (int)parameter.numel();
            parameter.copy_(tensor(values.AsSpan(start, count).ToArray(), parameter.shape));
            start += count;
        }
    }

    private sealed record KeptModel(string Sha256, Dictionary<string, sbyte[]>? Codes);
}

/// <summary>A model of a run.</summary>
/// <param name="Path">Its file, in full precision.</param>
/// <param name="Codes">The codes that its attacker rounds to, by layer; null where nearest rounding is what he relies on.</param>
internal sealed record StoredModel(string Path, IReadOnlyDictionary<string, sbyte[]>? Codes);
