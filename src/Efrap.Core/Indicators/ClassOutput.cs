using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.Core.Indicators;

/// <summary>The output of a classifier: [samples, classes], or the same with axes of length 1 behind.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="AreProbabilities">Whether it is a distribution already.</param>
/// <param name="Classes">The number of classes, at least 2.</param>
internal sealed record ClassOutput(string Name, bool AreProbabilities, int Classes)
{
    // What underflows in a softmax is no less likely than this for a divergence's purposes.
    private const float SmallestProbability = 1e-12f;

    /// <summary>Looks at a value of a model; null where it is no classifier's.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its values for a batch.</param>
    /// <param name="samples">The number of samples in the batch.</param>
    internal static ClassOutput? Recognize(string name, OrtValue value, long samples)
    {
        if (!value.IsTensor)
            return null;
        var type = value.GetTensorTypeAndShape();
        if (type.ElementDataType != TensorElementType.Float || type.Shape.Length < 2 || type.Shape[0] != samples || type.Shape[1] < 2
            || type.Shape.Skip(2).Any(d => d != 1))
        {
            return null;
        }

        var classes = (int)type.Shape[1];
        var values = value.GetTensorDataAsSpan<float>();
        var distribution = TensorPrimitives.Min(values) >= 0;
        for (var i = 0; i < values.Length && distribution; i += classes)
            distribution = Math.Abs(TensorPrimitives.Sum(values.Slice(i, classes)) - 1) < 1e-3f;
        return new ClassOutput(name, distribution, classes);
    }

    /// <summary>The logarithms of the classes' probabilities, sample by sample.</summary>
    internal float[] LogProbabilities(OrtValue value)
    {
        var logs = value.GetTensorDataAsSpan<float>().ToArray();
        for (var i = 0; i < logs.Length; i += Classes)
        {
            var row = logs.AsSpan(i, Classes);
            if (AreProbabilities)
            {
                TensorPrimitives.Max(row, SmallestProbability, row);
                TensorPrimitives.Log(row, row);
                continue;
            }

            TensorPrimitives.Subtract(row, TensorPrimitives.Max(row), row);
            var sum = 0.0;
            foreach (var logit in row)
                sum += Math.Exp(logit);
            TensorPrimitives.Subtract(row, (float)Math.Log(sum), row);
        }

        return logs;
    }
}
