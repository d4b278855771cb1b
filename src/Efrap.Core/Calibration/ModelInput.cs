using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Calibration;

/// <summary>What a model asks of one of its inputs.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="ElementType">The element type.</param>
/// <param name="Shape">The size of each axis, null where the model leaves it open; null as a whole when even the rank is open.
/// Axis 0 is the batch.</param>
public sealed record ModelInput(string Name, TensorProto.Types.DataType ElementType, IReadOnlyList<long?>? Shape);
