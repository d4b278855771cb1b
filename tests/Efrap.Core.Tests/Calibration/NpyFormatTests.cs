using CsCheck;
using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class NpyFormatTests : CalibrationTest
{
    private static readonly (string Name, DataType Type, Gen<object> Value)[] ElementTypes =
    [
        ("f2", DataType.Float16, Gen.Double[-60000, 60000].Select(v => (object)v)),
        ("f4", DataType.Float, Gen.Float.Select(v => (object)(double)v)),
        ("f8", DataType.Double, Gen.Double.Select(v => (object)v)),
        ("i1", DataType.Int8, Gen.SByte.Select(v => (object)(decimal)v)),
        ("i2", DataType.Int16, Gen.Short.Select(v => (object)(decimal)v)),
        ("i4", DataType.Int32, Gen.Int.Select(v => (object)(decimal)v)),
        ("i8", DataType.Int64, Gen.Long.Select(v => (object)(decimal)v)),
        ("u1", DataType.Uint8, Gen.Byte.Select(v => (object)(decimal)v)),
        ("u2", DataType.Uint16, Gen.UShort.Select(v => (object)(decimal)v)),
        ("u4", DataType.Uint32, Gen.UInt.Select(v => (object)(decimal)v)),
        ("u8", DataType.Uint64, Gen.ULong.Select(v => (object)(decimal)v)),
        ("b1", DataType.Bool, Gen.Bool.Select(v => (object)(v ? 1m : 0m))),
    ];

    [TestMethod]
    public void Every_type_shape_order_and_version_is_read_back()
    {
        var arrays =
            from type in Gen.Int[0, ElementTypes.Length - 1]
            from shape in Gen.Long[1, 5].Array[1, 5]
            from values in ElementTypes[type].Value.Array[(int)shape.Aggregate(1L, (a, b) => a * b)]
            from fortran in Gen.Bool
            from big in Gen.Bool
            from version in Gen.Int[1, 3]
            from samples in Gen.Int[1, 6]
            select (type, shape, values, fortran, big, version, samples);
        arrays.Sample(a =>
        {
            var (name, type, _) = ElementTypes[a.type];
            var file = NpyFile.Create((a.big ? ">" : "<") + name, a.shape, a.values, a.fortran, a.version);
            var plain = NpyFile.Create("<" + name, a.shape, a.values);
            var header = 10 + BitConverter.ToUInt16(plain, 8);

            var array = NpyReader.Read(new MemoryStream(file), file.Length, "x", a.samples, new ByteBudget(), CancellationToken.None);

            var kept = Math.Min(a.samples, a.shape[0]);
            Assert.AreEqual(type, array.ElementType);
            Assert.AreEqual(a.shape[0], array.Available);
            CollectionAssert.AreEqual(new[] { kept }.Concat(a.shape.Skip(1)).ToArray(), array.Shape.ToArray());
            var bytes = (plain.Length - header) / a.shape[0] * kept;
            CollectionAssert.AreEqual(plain.AsSpan(header, (int)bytes).ToArray(), array.Data);
        });
    }

    [TestMethod]
    public void A_file_as_NumPy_writes_it_is_read()
    {
        // numpy.save(..., numpy.array([[1, 2, 3], [4, 5, 6]], '<f4')), byte by byte.
        byte[] file =
        [
            0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 0x01, 0x00, 0x76, 0x00,
            .. "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"u8, .. Enumerable.Repeat((byte)' ', 58), (byte)'\n',
            0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40, 0, 0, 0xA0, 0x40, 0, 0, 0xC0, 0x40,
        ];
        var set = Load(file, Input("x", DataType.Float, null, 3));
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, Floats(set.GetBatch(0)[0]));
    }

    [TestMethod]
    [DataRow("{\"shape\":(2L,1L),\"fortran_order\":False,\"descr\":\"|u1\"}")]
    [DataRow("{  'descr' : 'u1' , 'fortran_order' : False , 'shape' : ( 2 , 1 , ) , } ")]
    public void Other_spellings_of_the_header_are_read(string text)
    {
        var set = Load([.. NpyFile.Header(text), 7, 8], Input("x", DataType.Uint8, null, 1));
        CollectionAssert.AreEqual(new byte[] { 7, 8 }, set.GetBatch(0)[0].Data);
    }

    [TestMethod]
    [DataRow("{'descr': '<U5', 'fortran_order': False, 'shape': (1,), }", "'<U5'")]
    [DataRow("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O'")]
    [DataRow("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'<c8'")]
    [DataRow("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }", "impossible shape")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }", "damaged")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (4611686018427387904, 8), }", "bytes")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776,), }", "bytes")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "bytes")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "list of samples")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, }", "'shape'")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': (1,), }", "nothing else")]
    [DataRow("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", "damaged")]
    [DataRow("{'descr': '|u1', 'fortran_order': 0, 'shape': (1,), }", "damaged")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (1 1), }", "damaged")]
    [DataRow("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), } x", "damaged")]
    [DataRow("{'descr': '|u1", "damaged")]
    [DataRow("", "damaged")]
    public void Every_other_header_is_refused(string text, string problem)
    {
        var exception = Refusal.AtMost(1102, 1103, () => Load([.. NpyFile.Header(text), 1], Input("x", DataType.Uint8, (long?)null)));
        StringAssert.Contains(exception!.Message, problem);
    }

    [TestMethod]
    public void A_header_that_claims_gigabytes_is_refused_unread() =>
        StringAssert.Contains(
            Refused(EfrapCode.CalibrationUnreadable, [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF], Image()), "claims");

    [TestMethod]
    public void Versions_that_do_not_exist_are_refused() =>
        StringAssert.Contains(
            Refused(EfrapCode.CalibrationUnreadable, [0x93, .. "NUMPY"u8, 4, 0, 0, 0, 0, 0], Image()), "version 4.0");

    [TestMethod]
    public void A_bool_is_0_or_1() =>
        Refused(
            EfrapCode.CalibrationUnreadable,
            [.. NpyFile.Header("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }"), 2],
            Input("x", DataType.Bool, (long?)null));

    [TestMethod]
    public void An_npy_file_serves_models_of_one_input_only() =>
        StringAssert.Contains(
            Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(1, 3, 2, 2), Image(), Input("mask", DataType.Float, (long?)null)), ".npz");
}
