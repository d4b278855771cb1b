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
}
