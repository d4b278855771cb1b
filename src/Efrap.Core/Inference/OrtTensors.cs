using Efrap.Core.Calibration;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Efrap.Core.Inference;

/// <summary>Hands samples to ONNX Runtime.</summary>
internal static class OrtTensors
{
    /// <summary>A copy that ONNX Runtime owns.</summary>
    /// <param name="tensor">The samples.</param>
    /// <returns>To be disposed of by the caller.</returns>
    internal static OrtValue Of(CalibrationTensor tensor)
    {
        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (TensorElementType)(int)tensor.ElementType, [.. tensor.Shape]);
        tensor.Data.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    /// <summary>Lends a batch by the names of the model's inputs.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="use">Given the values, which are gone after the call.</param>
    internal static void Lend(IReadOnlyList<CalibrationTensor> batch, Action<IReadOnlyDictionary<string, OrtValue>> use)
    {
        var feeds = batch.ToDictionary(t => t.Name, Of);
        try
        {
            use(feeds);
        }
        finally
        {
            foreach (var feed in feeds.Values)
                feed.Dispose();
        }
    }
}
