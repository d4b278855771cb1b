using System.Runtime.InteropServices;
using CsCheck;
using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class ConversionTests : CalibrationTest
{
    [TestMethod]
    [DataRow("<f2")]
    [DataRow("<f4")]
    [DataRow(">f8")]
    [DataRow("|i1")]
    [DataRow("<i2")]
    [DataRow(">i4")]
    [DataRow("<i8")]
    [DataRow("|u1")]
    [DataRow("<u2")]
    [DataRow("<u4")]
    [DataRow("<u8")]
    [DataRow("|b1")]
    public void Every_number_becomes_a_float_of_any_width(string descr)
    {
        object[] values = descr[1] == 'f' ? [0.0, 1.0, 0.5, 1.0] : [0m, 1m, descr == "|b1" ? 1m : 100m, 1m];
        var expected = values.Select(Convert.ToDouble).ToArray();
        var file = NpyFile.Create(descr, [2, 2], values);
        CollectionAssert.AreEqual(Array.ConvertAll(expected, v => (float)v), Floats(Get(file, DataType.Float)));
        CollectionAssert.AreEqual(expected, MemoryMarshal.Cast<byte, double>(Get(file, DataType.Double).Data).ToArray());
        CollectionAssert.AreEqual(
            Array.ConvertAll(expected, v => (Half)v), MemoryMarshal.Cast<byte, Half>(Get(file, DataType.Float16).Data).ToArray());
    }

    [TestMethod]
    public void Floats_are_not_changed_by_passing_through()
    {
        Gen.Float.Where(float.IsFinite).Array[4].Sample(values =>
        {
            using var folder = new TemporaryFolder();
            var path = folder.Write("c.npy", NpyFile.Floats([2, 2], Array.ConvertAll(values, v => (double)v)));
            var set = CalibrationSet.Load(new CalibrationOptions(path), [Input("x", DataType.Float, null, 2)]);
            CollectionAssert.AreEqual(MemoryMarshal.AsBytes<float>(values).ToArray(), set.GetBatch(0)[0].Data);
        });
    }

    [TestMethod]
    public void Integers_become_integers_of_other_widths()
    {
        var file = NpyFile.Create("<i8", [3, 1], [-5m, 0m, 127m]);
        CollectionAssert.AreEqual(new byte[] { 0xFB, 0, 127 }, Get(file, DataType.Int8, 1).Data);
        CollectionAssert.AreEqual(
            new[] { -5, 0, 127 }, MemoryMarshal.Cast<byte, int>(Get(file, DataType.Int32, 1).Data).ToArray());
        var large = NpyFile.Create("<u8", [1, 1], [18446744073709551615m]);
        CollectionAssert.AreEqual(Enumerable.Repeat((byte)0xFF, 8).ToArray(), Get(large, DataType.Uint64, 1).Data);
        CollectionAssert.AreEqual(new byte[] { 1, 0 }, Get(NpyFile.Create("|b1", [1, 1], [1m]), DataType.Int16, 1).Data);
    }

    [TestMethod]
    [DataRow("<i8", -1L, DataType.Uint8)]
    [DataRow("<i8", 256L, DataType.Uint8)]
    [DataRow("<i8", 128L, DataType.Int8)]
    [DataRow("<i8", -129L, DataType.Int8)]
    [DataRow("<i8", 2147483648L, DataType.Int32)]
    [DataRow("<i8", -1L, DataType.Uint64)]
    [DataRow("<u8", long.MaxValue, DataType.Int32)]
    [DataRow("|u1", 2L, DataType.Bool)]
    public void An_integer_that_does_not_fit_is_refused(string descr, long value, DataType type)
    {
        var file = NpyFile.Create(descr, [2, 1], [0m, (decimal)value]);
        var message = Refused(EfrapCode.CalibrationUnreadable, file, Input("x", type, null, 1));
        StringAssert.Contains(message, $"sample 1 of 'x' holds {value}");
    }

    [TestMethod]
    public void Fractions_do_not_become_integers()
    {
        var message = Refused(EfrapCode.CalibrationMismatch, NpyFile.Floats([1, 1], 1), Input("x", DataType.Int64, null, 1));
        StringAssert.Contains(message, "as integers");
    }

    [TestMethod]
    [DataRow(DataType.String)]
    [DataRow(DataType.Bfloat16)]
    [DataRow(DataType.Int4)]
    [DataRow(DataType.Complex64)]
    public void Inputs_of_other_types_cannot_be_calibrated(DataType type) =>
        Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(1, 1), Input("x", type, null, 1));

    [TestMethod]
    [DataRow(double.NaN, "NaN")]
    [DataRow(double.PositiveInfinity, "infinity")]
    [DataRow(double.NegativeInfinity, "infinity")]
    public void The_first_sample_that_is_not_finite_is_named(double value, string what)
    {
        var values = new double[100 * 3];
        values[(41 * 3) + 2] = value;
        values[(77 * 3) + 1] = double.NaN;
        var message = Refused(EfrapCode.CalibrationUnreadable, NpyFile.Floats([100, 3], values), Input("x", DataType.Float, null, 3));
        StringAssert.Contains(message, $"sample 41 of 'x' holds {what}");
    }

    [TestMethod]
    public void A_value_beyond_the_range_of_the_input_is_named()
    {
        var file = NpyFile.Floats([2, 1], 1, 70_000);
        StringAssert.Contains(
            Refused(EfrapCode.CalibrationUnreadable, file, Input("x", DataType.Float16, null, 1)), "sample 1 of 'x' holds values that exceed");
        Refused(EfrapCode.CalibrationUnreadable, file, o => o with { Scale = 1e38 }, Input("x", DataType.Float, null, 1));
    }

    private CalibrationTensor Get(byte[] file, DataType type, long width = 2)
    {
        var tensor = Load(file, Input("x", type, null, width)).GetBatch(0)[0];
        Assert.AreEqual(type, tensor.ElementType);
        return tensor;
    }
}
