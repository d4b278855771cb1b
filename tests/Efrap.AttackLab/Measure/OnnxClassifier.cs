using Efrap.AttackLab.Data;
using Efrap.Core;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.AttackLab.Measure;

/// <summary>Classifies samples with an ONNX model in ONNX Runtime.</summary>
public sealed class OnnxClassifier : IDisposable
{
    private const int OpenBatch = 250;
    private readonly InferenceSession _session;
    private readonly SampleFormat _format;
    private readonly string _input;
    private readonly int _batch;
    private readonly string _name;

    /// <summary>Loads a model.</summary>
    /// <param name="model">The model file's bytes, with one input [batch, …].</param>
    /// <param name="name">What to call the model in messages.</param>
    /// <param name="format">What it is to classify.</param>
    /// <param name="threads">The number of threads; 0 for one per processor.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.ModelNotRunnable"/> when ONNX Runtime rejects the model,
    /// <see cref="EfrapCode.CalibrationMismatch"/> when its input is another.</exception>
    public OnnxClassifier(byte[] model, string name, SampleFormat format, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(format);
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        _format = format;
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
        if (_session.InputMetadata.Count != 1 || shape.Length == 0 || !shape.Skip(1).SequenceEqual(format.Dimensions))
        {
            _session.Dispose();
            throw new EfrapException(
                EfrapCode.CalibrationMismatch,
                $"the model must have one input of shape [batch, {string.Join(", ", format.Dimensions)}] to be measured here.",
                name);
        }

        _input = input;
        _batch = shape[0] > 0 ? shape[0] : OpenBatch;
    }

    /// <summary>Classifies samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The class with the highest score, for each sample.</returns>
    public int[] Classify(LabeledSamples samples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var classes = new int[samples.Count];
        var values = new byte[_batch * _format.Size];
        for (var first = 0; first < samples.Count; first += _batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_batch, samples.Count - first);
            samples.Values.AsSpan(first * _format.Size, count * _format.Size).CopyTo(values);
            var scores = Scores(values);
            for (var i = 0; i < count; i++)
                classes[first + i] = IndexOfLargest(scores.AsSpan(i * (scores.Length / _batch), scores.Length / _batch));
        }

        return classes;
    }

    /// <summary>Runs the model on one batch.</summary>
    /// <param name="values">The bytes of a batch of samples, where batch is the model's own or, where that is open, any.</param>
    /// <returns>[batch, classes].</returns>
    public float[] Scores(byte[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        try
        {
            using var results = _session.Run([Input(values)]);
            return [.. results[0].AsEnumerable<float>()];
        }
        catch (OnnxRuntimeException e)
        {
            throw new EfrapException(EfrapCode.ModelNotRunnable, $"ONNX Runtime cannot run the model: {e.Message}", _name, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private NamedOnnxValue Input(byte[] values)
    {
        int[] shape = [values.Length / _format.Size, .. _format.Dimensions];
        if (_format is not ImageFormat images)
            return NamedOnnxValue.CreateFromTensor(_input, new DenseTensor<long>(Array.ConvertAll(values, v => (long)v), shape));
        var pixels = new float[values.Length];
        images.Preprocessing.Apply(values, images, pixels);
        return NamedOnnxValue.CreateFromTensor(_input, new DenseTensor<float>(pixels, shape));
    }

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
