using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Calibration;

/// <summary>One input's values for one batch, as the model takes them.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="ElementType">The element type, equal to the input's.</param>
/// <param name="Shape">The size of each axis; axis 0 is the batch.</param>
/// <param name="Data">The values, little endian, row by row (C order).</param>
public sealed record CalibrationTensor(string Name, TensorProto.Types.DataType ElementType, IReadOnlyList<long> Shape, byte[] Data);
