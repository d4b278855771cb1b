using System.Runtime.InteropServices;
using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

/// <summary>What tests of calibration data share: a folder of their own and inputs to load for.</summary>
public abstract class CalibrationTest : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static ModelInput Input(string name, DataType type, params long?[] shape) => new(name, type, shape);

    private protected static ModelInput Image(DataType type = DataType.Float) => Input("input", type, null, 3, 2, 2);

    private protected static float[] Floats(CalibrationTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data).ToArray();

    private protected CalibrationSet Load(byte[] file, params ModelInput[] inputs) => Load(file, o => o, inputs);

    private protected CalibrationSet Load(
        byte[] file, Func<CalibrationOptions, CalibrationOptions> change, params ModelInput[] inputs) =>
        CalibrationSet.Load(change(new CalibrationOptions(Folder.Write("calibration.npz", file))), inputs);

    private protected string Refused(EfrapCode code, byte[] file, params ModelInput[] inputs) =>
        Refusal.Expect(code, () => Load(file, inputs));

    private protected string Refused(
        EfrapCode code, byte[] file, Func<CalibrationOptions, CalibrationOptions> change, params ModelInput[] inputs) =>
        Refusal.Expect(code, () => Load(file, change, inputs));
}
