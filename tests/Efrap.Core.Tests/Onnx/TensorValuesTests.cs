using CsCheck;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Onnx;

[TestClass]
public sealed class TensorValuesTests
{
    [TestMethod]
    public void Floats_survive_the_way_in_and_out_bit_by_bit() =>
        Gen.Float.Array.Sample(values => CollectionAssert.AreEqual(
            Array.ConvertAll(values, BitConverter.SingleToInt32Bits),
            Array.ConvertAll(
                TensorValues.ToSingles(TensorValues.FromSingles("w", [values.Length], values)), BitConverter.SingleToInt32Bits)));

    [TestMethod]
    public void Integers_of_every_factory_survive()
    {
        Gen.Long.Array.Sample(v => Same(v, TensorValues.FromInt64s("w", [v.Length], v)));
        Gen.Int.Array.Sample(v => Same(v.Select(x => (long)x), TensorValues.FromInt32s("w", [v.Length], v)));
        Gen.SByte.Array.Sample(v => Same(v.Select(x => (long)x), TensorValues.FromInt8s("w", [v.Length], v)));
        Gen.Byte.Array.Sample(v => Same(v.Select(x => (long)x), TensorValues.FromUInt8s("w", [v.Length], v)));
        Gen.SByte[-8, 7].Array.Sample(v => Same(v.Select(x => (long)x), TensorValues.FromInt4s("w", [v.Length], v)));
        Gen.Byte[0, 15].Array.Sample(v => Same(v.Select(x => (long)x), TensorValues.FromUInt4s("w", [v.Length], v)));
    }

    [TestMethod]
    public void Int4_is_packed_low_half_first()
    {
        var tensor = TensorValues.FromInt4s("w", [3], [1, -2, 7]);
        CollectionAssert.AreEqual(new byte[] { 0xE1, 0x07 }, tensor.RawData.ToByteArray());
        Assert.AreEqual((int)DataType.Int4, tensor.DataType);
    }

    [TestMethod]
    public void Int64_is_little_endian() =>
        CollectionAssert.AreEqual(
            new byte[] { 2, 1, 0, 0, 0, 0, 0, 0 }, TensorValues.FromInt64s("w", [], [0x0102]).RawData.ToByteArray());

    [TestMethod]
    [DataRow(DataType.Float16, new byte[] { 0x00, 0xC0 }, -2f)]
    [DataRow(DataType.Bfloat16, new byte[] { 0xC0, 0x3F }, 1.5f)]
    [DataRow(DataType.Double, new byte[] { 0, 0, 0, 0, 0, 0, 0xE0, 0x3F }, 0.5f)]
    [DataRow(DataType.Float, new byte[] { 0, 0, 0x80, 0x3F }, 1f)]
    public void Every_floating_type_becomes_float(DataType type, byte[] raw, float expected) =>
        CollectionAssert.AreEqual(new[] { expected }, TensorValues.ToSingles(Raw(type, raw)));

    [TestMethod]
    public void Typed_fields_are_read_like_raw_data()
    {
        CollectionAssert.AreEqual(
            new[] { 1.5f }, TensorValues.ToSingles(new TensorProto { DataType = (int)DataType.Float, FloatData = { 1.5f } }));
        CollectionAssert.AreEqual(
            new[] { 2.5f }, TensorValues.ToSingles(new TensorProto { DataType = (int)DataType.Double, DoubleData = { 2.5 } }));
        CollectionAssert.AreEqual(
            new[] { -2f }, TensorValues.ToSingles(new TensorProto { DataType = (int)DataType.Float16, Int32Data = { 0xC000 } }));
        Same([-3], new TensorProto { DataType = (int)DataType.Int8, Int32Data = { -3 } });
        Same([uint.MaxValue], new TensorProto { DataType = (int)DataType.Uint32, Uint64Data = { uint.MaxValue } });
        Same([-1, 7, 2], new TensorProto { DataType = (int)DataType.Int4, Dims = { 3 }, Int32Data = { 0x7F, 0x02 } });
        Same([3, 2, 1, 0, 2], new TensorProto { DataType = (int)DataType.Uint2, Dims = { 5 }, Int32Data = { 0b00_01_10_11, 0b10 } });
        Same([-1, -2, 1], new TensorProto { DataType = (int)DataType.Int2, Dims = { 3 }, Int32Data = { 0b01_10_11 } });
    }

    [TestMethod]
    public void What_does_not_fit_its_declaration_is_refused()
    {
        Refused(() => TensorValues.ToSingles(Raw(DataType.Float, [1, 2, 3])));
        Refused(() => TensorValues.ToSingles(new TensorProto { DataType = (int)DataType.Float, Dims = { 2 }, FloatData = { 1 } }));
        Refused(() => TensorValues.ToSingles(TensorValues.FromInt64s("w", [], [1])));
        Refused(() => TensorValues.ToInt64s(TensorValues.FromSingles("w", [], [1])));
        Refused(() => TensorValues.ToInt64s(new TensorProto { DataType = (int)DataType.Uint8, Int32Data = { 256 } }));
        Refused(() => TensorValues.ToInt64s(new TensorProto { DataType = (int)DataType.Uint64, Uint64Data = { ulong.MaxValue } }));
        Refused(() => TensorValues.ToInt64s(Raw(DataType.Int4, [1, 2], 5)));
        Refused(() => TensorValues.ElementCount(Raw(DataType.Float, [], -1)));
        Refused(() => TensorValues.ElementCount(Raw(DataType.Float, [], long.MaxValue, 2)));
    }

    [TestMethod]
    public void A_zero_dimension_makes_a_tensor_empty_and_hides_no_overflow()
    {
        Assert.AreEqual(0, TensorValues.ElementCount(Raw(DataType.Float, [], 1L << 40, 0, 2)));
        Refused(() => TensorValues.ElementCount(Raw(DataType.Float, [], long.MaxValue, 2, 0)));
    }

    [TestMethod]
    public void Factories_refuse_what_they_cannot_hold()
    {
        Assert.ThrowsExactly<ArgumentException>(() => TensorValues.FromInt4s("w", [1], [8]));
        Assert.ThrowsExactly<ArgumentException>(() => TensorValues.FromUInt4s("w", [1], [16]));
        Assert.ThrowsExactly<ArgumentException>(() => TensorValues.FromSingles("w", [2], [1f]));
    }

    private static TensorProto Raw(DataType type, byte[] raw, params long[] dims)
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)type, RawData = ByteString.CopyFrom(raw) };
        tensor.Dims.AddRange(dims);
        return tensor;
    }

    private static void Same(IEnumerable<long> expected, TensorProto tensor)
    {
        if (tensor.Dims.Count == 0 && expected.Count() != 1)
            tensor.Dims.Add(expected.Count());
        CollectionAssert.AreEqual(expected.ToArray(), TensorValues.ToInt64s(tensor));
    }

    private static void Refused(Action read) =>
        Assert.AreEqual(EfrapCode.TensorInconsistent, Assert.ThrowsExactly<EfrapException>(read).Code);
}
