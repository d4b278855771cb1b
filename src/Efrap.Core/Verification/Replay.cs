using Efrap.Core.Evidence.Statements;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Verification;

/// <summary>Hardening done again with what was attested, to compare its integers with a file's.</summary>
internal sealed class Replay
{
    private readonly Dictionary<string, QuantizedTensor> _tensors;

    private Replay(string sha256, Dictionary<string, QuantizedTensor> tensors) => (Sha256, _tensors) = (sha256, tensors);

    /// <summary>SHA-256 of the model that hardening again gives.</summary>
    internal string Sha256 { get; }

    /// <summary>Hardens again.</summary>
    /// <param name="options">The files, with what was attested in place of what was not given.</param>
    /// <param name="predicate">What was attested.</param>
    /// <param name="progress">Told of each layer, or null.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.AttestationRejected"/>: the attested settings are none. Or hardening fails.</exception>
    internal static Replay Run(
        VerifyOptions options, HardeningPredicate predicate, IProgress<HardenProgress>? progress, CancellationToken cancellationToken)
    {
        var hardened = Harden.Make(Settings(options, predicate), progress, cancellationToken);
        var weights = QuantizedWeightReader.Read(new ModelGraph(new OnnxModel(hardened.Model, options.ModelPath)));
        return new Replay(hardened.Report.OutputSha256, weights.Tensors.ToDictionary(t => t.CodesName));
    }

    /// <summary>How many integers of a weight differ; all where they do not mean the same, or where there is no such weight.</summary>
    /// <param name="tensor">The weight as the file has it.</param>
    internal long Different(QuantizedTensor tensor) =>
        _tensors.TryGetValue(tensor.CodesName, out var replayed) && IsSameGrid(tensor, replayed)
            ? tensor.Codes.Zip(replayed.Codes).LongCount(c => c.First != c.Second)
            : tensor.Codes.LongLength;

    private static bool IsSameGrid(QuantizedTensor a, QuantizedTensor b)
    {
        if (a.CodeType != b.CodeType || !a.Shape.SequenceEqual(b.Shape))
            return false;
        for (var i = 0; i < a.Codes.Length; i++)
        {
            if (a.Grid.ScaleOf(i) != b.Grid.ScaleOf(i) || a.Grid.ZeroPointOf(i) != b.Grid.ZeroPointOf(i))
                return false;
        }

        return true;
    }

    private static HardenOptions Settings(VerifyOptions options, HardeningPredicate predicate)
    {
        var settings = predicate.Settings;
        var solver = options.Solvers(settings.Solver, settings.SolverSettings ?? []);
        var isQuantized = settings.Precision == HardenQuantized.Precision;
        if (isQuantized != predicate.Source is not null)
            throw Rejected($"the precision {settings.Precision} with{(isQuantized ? "out" : string.Empty)} a source", options);
        var common = new HardenOptions(isQuantized ? options.ModelPath : options.SourcePath!, options.ModelPath, options.Calibration!)
        {
            Solver = solver,
            Budget = settings.Budget,
            Threads = options.Threads,
        };
        // Of the file that was rounded anew nothing but the integers changed, so that it stands for the one that came.
        return isQuantized ? common with { SourcePath = options.SourcePath } : common with
        {
            Precision = Meaning<Precision>(settings.Precision, HardenSettings.Spell),
            Granularity = Meaning<Granularity>(settings.Granularity ?? HardenSettings.Spell(Granularity.PerChannel), HardenSettings.Spell),
        };

        T Meaning<T>(string text, Func<T, string> spell)
            where T : struct, Enum
        {
            var found = Enum.GetValues<T>().Where(v => spell(v) == text).ToList();
            return found.Count == 1 ? found[0] : throw Rejected($"'{text}'", options);
        }
    }

    private static EfrapException Rejected(string what, VerifyOptions options) =>
        new(EfrapCode.AttestationRejected, $"the attestation names settings that this engine does not know: {what}.", options.AttestationPath);
}
