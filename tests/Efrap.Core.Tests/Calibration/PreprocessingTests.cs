using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class PreprocessingTests : CalibrationTest
{
    [TestMethod]
    public void Values_are_scaled_then_centred_then_divided_by_channel()
    {
        var set = Load(
            NpyFile.Bytes(2, 3, 2, 2),
            o => o with { Scale = 0.5, Mean = [1, 2, 3], Std = [2, 4, 8] },
            Image());
        var values = Floats(set.GetBatch(0)[0]);
        for (var i = 0; i < values.Length; i++)
        {
            var channel = i / 4 % 3;
            Assert.AreEqual((float)(((i * 0.5) - (channel + 1)) / Math.Pow(2, channel + 1)), values[i]);
        }
    }

    [TestMethod]
    public void The_result_is_rounded_once_from_double()
    {
        var set = Load(NpyFile.Bytes(1, 3, 2, 2), o => o with { Scale = 1 / 255.0, Mean = [0.4914], Std = [0.247] }, Image());
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 12).Select(i => (float)(((i * (1 / 255.0)) - 0.4914) / 0.247)).ToArray(), Floats(set.GetBatch(0)[0]));
    }

    [TestMethod]
    [DataRow(3, 0.1)]
    [DataRow(20, 0.1)]
    [DataRow(3, 2e36)] // 255 times this exceeds float, the values here do not.
    public void Bytes_become_what_wider_integers_of_the_same_values_become(int channels, double scale)
    {
        object[] values = [.. Enumerable.Range(0, 2 * channels * 5).Select(i => (object)(decimal)(i % 100))];
        double[] mean = [.. Enumerable.Range(0, channels).Select(i => i * 0.3)];
        var input = Input("x", DataType.Float, null, channels, 5);
        foreach (var options in new Func<CalibrationOptions, CalibrationOptions>[]
        {
            o => o with { Scale = scale, Std = [0.7] },
            o => o with { Scale = scale, Mean = mean },
        })
        {
            var bytes = Load(NpyFile.Create("|u1", [2, channels, 5], values), options, input).GetBatch(0)[0].Data;
            var wide = Load(NpyFile.Create("<i2", [2, channels, 5], values), options, input).GetBatch(0)[0].Data;
            CollectionAssert.AreEqual(wide, bytes);
        }
    }

    [TestMethod]
    public void Features_are_channels_where_samples_are_vectors()
    {
        var set = Load(NpyFile.Bytes(2, 3), o => o with { Mean = [0, 1, 2] }, Input("x", DataType.Float, null, 3));
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 3, 3, 3 }, Floats(set.GetBatch(0)[0]));
    }

    [TestMethod]
    public void Channels_larger_than_a_block_are_processed_whole()
    {
        var set = Load(NpyFile.Bytes(2, 2, 5000), o => o with { Mean = [0, 1000] }, Input("x", DataType.Float, null, 2, null));
        var values = Floats(set.GetBatch(0)[0]);
        for (var i = 0; i < values.Length; i++)
            Assert.AreEqual((i % 256) - (i / 5000 % 2 * 1000), values[i]);
    }

    [TestMethod]
    public void Integer_inputs_are_left_alone_beside_float_ones()
    {
        var file = NpyFile.Zip(("ids", NpyFile.Bytes(2, 1)), ("x", NpyFile.Bytes(2, 1)));
        var set = Load(
            file, o => o with { Scale = 10 }, Input("ids", DataType.Uint8, null, 1), Input("x", DataType.Float, null, 1));
        CollectionAssert.AreEqual(new byte[] { 0, 1 }, set.GetBatch(0)[0].Data);
        CollectionAssert.AreEqual(new float[] { 0, 10 }, Floats(set.GetBatch(0)[1]));
    }

    [TestMethod]
    public void Preprocessing_without_a_float_input_is_refused() =>
        Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(2, 1), o => o with { Scale = 10 }, Input("x", DataType.Uint8, null, 1));

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void A_setting_that_cannot_be_used_is_invalid(double value)
    {
        var file = NpyFile.Bytes(1, 3, 2, 2);
        Refused(EfrapCode.InvalidSetting, file, o => o with { Scale = value }, Image());
        Refused(EfrapCode.InvalidSetting, file, o => o with { Std = [1, 1, value] }, Image());
        if (value != 0)
            Refused(EfrapCode.InvalidSetting, file, o => o with { Mean = [value] }, Image());
        Refused(EfrapCode.InvalidSetting, file, o => o with { Mean = [] }, Image());
    }

    [TestMethod]
    public void As_many_values_as_channels_are_needed()
    {
        var message = Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(1, 3, 2, 2), o => o with { Mean = [1, 2] }, Image());
        StringAssert.Contains(message, "mean has 2 values");
        StringAssert.Contains(message, "3 channels");
        Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(5), o => o with { Std = [1, 2] }, Input("x", DataType.Float, (long?)null));
    }

    [TestMethod]
    public void The_samples_in_memory_stay_as_they_are_in_the_file()
    {
        var set = Load(NpyFile.Bytes(1, 3, 2, 2), o => o with { Scale = 2 }, Image());
        CollectionAssert.AreEqual(Floats(set.GetBatch(0)[0]), Floats(set.GetBatch(0)[0]));
    }
}
