using System.Numerics.Tensors;
using Efrap.Core.Calibration;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Indicators;

/// <summary>What a model does on the samples: what it takes each of them for, and the moments of its layers' channels.</summary>
internal sealed class Behaviour
{
    private Behaviour(int samples, ClassOutput? output, IReadOnlyList<QuantizableLayer> layers)
    {
        Classes = new int[output is null ? 0 : samples];
        Channels = [.. layers.Select(l => new ChannelMoments(l))];
    }

    /// <summary>The class of each sample; none where the model is no classifier.</summary>
    internal int[] Classes { get; }

    /// <summary>The logarithms of the classes' probabilities, sample by sample.</summary>
    internal float[] LogProbabilities { get; private init; } = [];

    /// <summary>The moments of each layer.</summary>
    internal IReadOnlyList<ChannelMoments> Channels { get; }

    /// <summary>Runs a model on the first batches of the samples.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="output">Its classes, or null.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="batches">How many batches.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    internal static Behaviour Of(
        ModelGraph graph,
        ClassOutput? output,
        IReadOnlyList<QuantizableLayer> layers,
        CalibrationSet samples,
        int batches,
        CancellationToken cancellationToken)
    {
        var count = Math.Min(batches * samples.BatchSize, samples.SampleCount);
        var behaviour = new Behaviour(count, output, layers) { LogProbabilities = new float[count * (output?.Classes ?? 0)] };
        var values = layers.Select(l => l.Output).Concat(output is null ? [] : [output.Name]).Distinct().ToList();
        using var runner = new ModelRunner(graph, values);
        for (var batch = 0; batch < batches; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var first = batch * samples.BatchSize;
            OrtTensors.Lend(
                samples.GetBatch(batch),
                feeds => runner.Run(feeds, results => behaviour.Add(first, output, layers, values, results)));
        }

        return behaviour;
    }

    private void Add(
        int first, ClassOutput? output, IReadOnlyList<QuantizableLayer> layers, List<string> names, IReadOnlyList<OrtValue> results)
    {
        for (var i = 0; i < layers.Count; i++)
            Channels[i].Add(results[names.IndexOf(layers[i].Output)]);
        if (output is null)
            return;
        var logs = output.LogProbabilities(results[names.IndexOf(output.Name)]);
        logs.CopyTo(LogProbabilities, first * output.Classes);
        for (var i = 0; i < logs.Length / output.Classes; i++)
            Classes[first + i] = TensorPrimitives.IndexOfMax(logs.AsSpan(i * output.Classes, output.Classes));
    }
}
