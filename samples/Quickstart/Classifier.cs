using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Quickstart;

/// <summary>A model that puts images into classes.</summary>
internal sealed class Classifier(byte[] model) : IDisposable
{
    private readonly InferenceSession _session = new(model);

    /// <summary>The class of each image.</summary>
    /// <param name="images">Preprocessed images, [count, 3, 32, 32].</param>
    /// <param name="count">How many.</param>
    public int[] Classify(float[] images, int count)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(images, [count, 3, TestImages.Side, TestImages.Side]);
        using var run = new RunOptions();
        using var outputs = _session.Run(run, _session.InputNames, [input], _session.OutputNames);
        var scores = outputs[0].GetTensorDataAsSpan<float>();
        var classes = scores.Length / count;
        var result = new int[count];
        for (var i = 0; i < count; i++)
            result[i] = TensorPrimitives.IndexOfMax(scores.Slice(i * classes, classes));
        return result;
    }

    public void Dispose() => _session.Dispose();
}
