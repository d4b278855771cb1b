using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Indicators.Probe;

/// <summary>A classifier of images. May be used by several threads at once.</summary>
/// <param name="graph">The model.</param>
/// <param name="output">Its classes.</param>
/// <param name="input">The name of its input.</param>
/// <param name="shape">The shape of the samples; axis 0 is the most that are run at once.</param>
/// <param name="isFixed">Whether the model takes just that many.</param>
internal sealed class ProbeModel(ModelGraph graph, ClassOutput output, string input, IReadOnlyList<long> shape, bool isFixed) : IDisposable
{
    private readonly ModelRunner _runner = new(graph, [output.Name]);

    /// <summary>The probability of each class for each image.</summary>
    /// <param name="images">The images, one after the other.</param>
    /// <returns>[images, classes].</returns>
    internal float[] Probabilities(float[] images)
    {
        var length = (int)shape.Skip(1).Aggregate(1L, (a, b) => a * b);
        var count = images.Length / length;
        var probabilities = new float[count * output.Classes];
        var most = (int)shape[0];
        for (var first = 0; first < count; first += most)
        {
            var some = Math.Min(most, count - first);
            var batch = images.AsMemory(first * length, some * length);
            if (isFixed && some < most)
            {
                var padded = new float[most * length];
                batch.CopyTo(padded);
                batch = padded;
            }

            using var value = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, batch, [batch.Length / length, .. shape.Skip(1)]);
            var at = first * output.Classes;
            _runner.Run(new Dictionary<string, OrtValue> { [input] = value }, results =>
            {
                var logs = output.LogProbabilities(results[0]);
                for (var i = 0; i < some * output.Classes; i++)
                    probabilities[at + i] = MathF.Exp(logs[i]);
            });
        }

        return probabilities;
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();
}
