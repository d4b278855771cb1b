using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Onnx;

[TestClass]
public sealed class TensorValidationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static IEnumerable<object[]> Types => Enum.GetValues<DataType>().Where(t => t != DataType.Undefined).Select(t => new object[] { t });

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Raw_bytes_must_be_as_many_as_the_shape_needs(DataType type)
    {
        if (type == DataType.String)
        {
            Refused(Raw(type, 1, 5));
            return;
        }

        var bytes = RawBytesOfFive(type);
        Accepted(Raw(type, bytes, 5));
        Refused(Raw(type, bytes - 1, 5));
        Refused(Raw(type, bytes + 1, 5));
        Accepted(Raw(type, 0, 5, 0));
        Refused(Raw(type, 0, 5));
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Typed_values_must_be_as_many_as_the_shape_needs(DataType type)
    {
        var values = type switch
        {
            DataType.Complex64 or DataType.Complex128 => 10,
            DataType.Int4 or DataType.Uint4 or DataType.Float4E2M1 => 3,
            DataType.Int2 or DataType.Uint2 => 2,
            _ => 5,
        };
        Accepted(Typed(type, values, 5));
        Refused(Typed(type, values - 1, 5));
        Refused(Typed(type, values + 1, 5));
        Refused(Typed(type, values, 6, 0));
        Accepted(Typed(type, 0, 5, 0));
    }

    [TestMethod]
    public void Values_in_two_places_are_refused()
    {
        Refused(new TensorProto { DataType = (int)DataType.Float, RawData = ByteString.CopyFrom(0, 0, 0, 0), FloatData = { 1 } });
        Refused(new TensorProto { DataType = (int)DataType.Float, FloatData = { 1 }, Int64Data = { 1 } });
        Refused(new TensorProto { DataType = (int)DataType.Float, Int64Data = { 1 } });
        Refused(new TensorProto { DataType = (int)DataType.Float, Dims = { 0 }, Int64Data = { 1 } });
    }

    [TestMethod]
    [DataRow(-1L)]
    [DataRow(long.MinValue)]
    [DataRow(long.MaxValue)]
    [DataRow(long.MaxValue, 2L)]
    [DataRow(1L << 32, 1L << 32)]
    [DataRow(1L << 62, 8L, 0L)]
    [DataRow(1L << 61)]
    public void Impossible_shapes_are_refused(params long[] dims)
    {
        Refused(Raw(DataType.Double, 0, dims));
        Refused(Typed(DataType.Double, 0, dims));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(27)]
    [DataRow(-1)]
    [DataRow(int.MaxValue)]
    public void Unknown_types_are_refused(int type) => Refused(Raw((DataType)type, 4));

    [TestMethod]
    public void Segments_are_refused() =>
        Refused(new TensorProto
        {
            DataType = (int)DataType.Float,
            Segment = new TensorProto.Types.Segment { Begin = 0, End = 1 },
            FloatData = { 1 },
        });

    [TestMethod]
    public void A_tensor_deep_inside_is_checked_too()
    {
        foreach (var i in Enumerable.Range(0, 7))
        {
            var model = TinyModel.Create();
            ModelTensors.Of(model).Tensors[i].Tensor.Dims.Add(7);
            Refuse(model, EfrapCode.TensorInconsistent);
        }
    }

    [TestMethod]
    public void A_message_names_the_tensor_and_cannot_be_forged()
    {
        var tensor = Raw(DataType.Float, 3, 5);
        tensor.Name = "conv.weight\u001b[31m\nEFRAP0000: all is well";
        var message = Refuse(TinyModel.With(tensor), EfrapCode.TensorInconsistent);
        StringAssert.Contains(message, "'conv.weight?[31m?EFRAP0000: all is well' is declared float [5] and holds 3 bytes");
    }

    [TestMethod]
    public void Sparse_tensors_are_checked()
    {
        RefusedSparse(s => s.Indices = TensorValues.FromInt64s("i", [1], [6]));
        RefusedSparse(s => s.Indices = TensorValues.FromInt64s("i", [1], [-1]));
        RefusedSparse(s => s.Indices = TensorValues.FromInt64s("i", [1, 2], [0, 3]));
        RefusedSparse(s => s.Indices = TensorValues.FromInt64s("i", [2], [0, 1]));
        RefusedSparse(s => s.Indices = TensorValues.FromSingles("i", [1], [0]));
        RefusedSparse(s => s.Indices = null);
        RefusedSparse(s => s.Values = null);
        RefusedSparse(s => s.Values = TensorValues.FromSingles("v", [], [1]));
        RefusedSparse(s => s.Dims[0] = -1);
        RefusedSparse(s => s.Dims.Add(long.MaxValue));
        RefusedSparse(s => s.Dims[0] = 1L << 40, EfrapCode.ModelTooLarge);
        var model = TinyModel.Create();
        model.Graph.SparseInitializer[0].Indices = TensorValues.FromInt64s("i", [1, 2], [1, 2]);
        Assert.AreEqual(model, Read(model));
    }

    private static int RawBytesOfFive(DataType type) => type switch
    {
        DataType.Int2 or DataType.Uint2 => 2,
        DataType.Int4 or DataType.Uint4 or DataType.Float4E2M1 => 3,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 5,
        DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz or DataType.Float8E8M0 => 5,
        DataType.Int16 or DataType.Uint16 or DataType.Float16 or DataType.Bfloat16 => 10,
        DataType.Int32 or DataType.Uint32 or DataType.Float => 20,
        DataType.Int64 or DataType.Uint64 or DataType.Double or DataType.Complex64 => 40,
        _ => 80,
    };

    private static TensorProto Raw(DataType type, int bytes, params long[] dims) =>
        new() { Name = "w", DataType = (int)type, RawData = ByteString.CopyFrom(new byte[bytes]), Dims = { dims } };

    private static TensorProto Typed(DataType type, int values, params long[] dims)
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)type, Dims = { dims } };
        switch (type)
        {
            case DataType.Float or DataType.Complex64:
                tensor.FloatData.AddRange(new float[values]);
                break;
            case DataType.Double or DataType.Complex128:
                tensor.DoubleData.AddRange(new double[values]);
                break;
            case DataType.Int64:
                tensor.Int64Data.AddRange(new long[values]);
                break;
            case DataType.Uint32 or DataType.Uint64:
                tensor.Uint64Data.AddRange(new ulong[values]);
                break;
            case DataType.String:
                tensor.StringData.AddRange(Enumerable.Repeat(ByteString.Empty, values));
                break;
            default:
                tensor.Int32Data.AddRange(new int[values]);
                break;
        }

        return tensor;
    }

    private void RefusedSparse(Action<SparseTensorProto> change, EfrapCode code = EfrapCode.TensorInconsistent)
    {
        var model = TinyModel.Create();
        change(model.Graph.SparseInitializer[0]);
        Refuse(model, code);
    }

    private void Accepted(TensorProto tensor) => Assert.AreEqual(TinyModel.With(tensor), Read(TinyModel.With(tensor)));

    private void Refused(TensorProto tensor) => Refuse(TinyModel.With(tensor), EfrapCode.TensorInconsistent);

    private string Refuse(ModelProto model, EfrapCode code) => Refusal.Expect(code, () => Read(model));

    private ModelProto Read(ModelProto model) => OnnxModelReader.Read(TinyModel.WriteTo(_folder, model)).Proto;
}
