using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class ShapeTests : CalibrationTest
{
    [TestMethod]
    public void Channels_last_samples_are_recognized()
    {
        var message = Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(4, 2, 2, 3), Image());
        Assert.AreEqual(
            "'input' wants [batch,3,2,2] of float, calibration has [4,2,2,3] of uint8: channels-last data must be transposed.", message);
    }

    [TestMethod]
    public void A_missing_batch_axis_is_recognized() =>
        StringAssert.Contains(Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(3, 2, 2), Image()), "batch axis is missing");

    [TestMethod]
    public void Other_shapes_are_refused_with_both_of_them() =>
        StringAssert.Contains(
            Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(4, 3, 3, 3), Image()),
            "wants [batch,3,2,2] of float, calibration has [4,3,3,3] of uint8");

    [TestMethod]
    public void Open_axes_take_any_size()
    {
        var set = Load(NpyFile.Bytes(4, 3, 5, 6), Input("x", DataType.Float, null, 3, null, null));
        CollectionAssert.AreEqual(new long[] { 4, 3, 5, 6 }, set.GetBatch(0)[0].Shape.ToArray());
        Assert.AreEqual(4, Load(NpyFile.Bytes(4, 7), new ModelInput("x", DataType.Float, null)).SampleCount);
    }

    [TestMethod]
    public void Sizes_of_zero_are_refused()
    {
        Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(4, 3, 0, 6), Input("x", DataType.Float, null, 3, null, null));
        Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(4, 0), new ModelInput("x", DataType.Float, null));
    }

    [TestMethod]
    public void No_samples_are_refused() =>
        StringAssert.Contains(Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(0, 3, 2, 2), Image()), "no samples");

    [TestMethod]
    public void Inputs_without_a_batch_axis_are_refused() =>
        Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(1), Input("x", DataType.Float));

    [TestMethod]
    public void A_model_without_inputs_is_refused() => Refused(EfrapCode.CalibrationMismatch, NpyFile.Zip(("x", NpyFile.Bytes(1))));

    [TestMethod]
    public void Inputs_need_as_many_samples_as_each_other()
    {
        var file = NpyFile.Zip(("a", NpyFile.Bytes(3, 1)), ("b", NpyFile.Bytes(4, 1)));
        ModelInput[] inputs = [Input("a", DataType.Uint8, null, 1), Input("b", DataType.Uint8, null, 1)];
        StringAssert.Contains(Refused(EfrapCode.CalibrationMismatch, file, inputs), "'a' has 3 samples and 'b' has 4");
        Refused(EfrapCode.CalibrationMismatch, file, o => o with { Samples = 2 }, inputs);
    }
}
