using Efrap.AttackLab.Data;
using Efrap.Core;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.AttackLab.Measure;

/// <summary>Classifies images with an ONNX model in ONNX Runtime.</summary>
public sealed class OnnxClassifier : IDisposable
{
    private const int OpenBatch = 250;
    private readonly InferenceSession _session;
    private readonly Preprocessing _preprocessing;
    private readonly string _input;
    private readonly int _batch;
    private readonly string _name;

    /// <summary>Loads a model.</summary>
    /// <param name="model">The model file's bytes, with one float32 input [batch, 3, 32, 32].</param>
    /// <param name="name">What to call the model in messages.</param>
    /// <param name="preprocessing">What is done to bytes first.</param>
    /// <param name="threads">The number of threads; 0 for one per processor.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ModelNotRunnable"/> when ONNX Runtime rejects the model,
    /// <see cref="EfrapCode.CalibrationMismatch"/> when its input is another.</exception>
    public OnnxClassifier(byte[] model, string name, Preprocessing preprocessing, int threads = 0)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        _preprocessing = preprocessing;
        _name = name;
        try
        {
            _session = new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new EfrapException(EfrapCode.ModelNotRunnable, $"ONNX Runtime cannot load the model: {e.Message}", name, e);
        }

        var (input, shape) = (_session.InputMetadata.First().Key, _session.InputMetadata.First().Value.Dimensions);
        if (_session.InputMetadata.Count != 1 || shape is not [_, LabeledImages.Channels, LabeledImages.Side, LabeledImages.Side])
        {
            _session.Dispose();
            throw new EfrapException(
                EfrapCode.CalibrationMismatch, "the model must have one input of shape [batch, 3, 32, 32] to be measured here.", name);
        }

        _input = input;
        _batch = shape[0] > 0 ? shape[0] : OpenBatch;
    }

    /// <summary>Classifies images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The class with the highest score, for each image.</returns>
    public int[] Classify(LabeledImages images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var classes = new int[images.Count];
        var values = new float[_batch * LabeledImages.ImageBytes];
        for (var first = 0; first < images.Count; first += _batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_batch, images.Count - first);
            var pixels = images.Pixels.AsSpan(first * LabeledImages.ImageBytes, count * LabeledImages.ImageBytes);
            _preprocessing.Apply(pixels, values);
            var scores = Scores(values);
            for (var i = 0; i < count; i++)
                classes[first + i] = IndexOfLargest(scores.AsSpan(i * (scores.Length / _batch), scores.Length / _batch));
        }

        return classes;
    }

    /// <summary>Runs the model on one batch.</summary>
    /// <param name="values">[batch, 3, 32, 32], where batch is the model's own or, where that is open, any.</param>
    /// <returns>[batch, classes].</returns>
    public float[] Scores(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int[] shape = [values.Length / LabeledImages.ImageBytes, LabeledImages.Channels, LabeledImages.Side, LabeledImages.Side];
        try
        {
            var input = NamedOnnxValue.CreateFromTensor(_input, new DenseTensor<float>(values, shape));
            using var results = _session.Run([input]);
            return [.. results[0].AsEnumerable<float>()];
        }
        catch (OnnxRuntimeException e)
        {
            throw new EfrapException(EfrapCode.ModelNotRunnable, $"ONNX Runtime cannot run the model: {e.Message}", _name, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static int IndexOfLargest(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }

        return best;
    }
}
