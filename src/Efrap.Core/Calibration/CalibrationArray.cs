using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Calibration;

/// <summary>One array of samples as it stays in memory: the values as the file has them, not yet preprocessed.</summary>
/// <param name="Name">Its name in the file; empty where the format gives none.</param>
/// <param name="ElementType">Its element type: a float of 16 bits or more, an integer of 8 bits or more, or bool.</param>
/// <param name="Shape">Its dimensions; axis 0 counts the samples kept.</param>
/// <param name="Available">The size of axis 0 in the file.</param>
/// <param name="Data">The samples kept, little endian, in C order.</param>
internal sealed record CalibrationArray(string Name, DataType ElementType, IReadOnlyList<long> Shape, long Available, byte[] Data);
