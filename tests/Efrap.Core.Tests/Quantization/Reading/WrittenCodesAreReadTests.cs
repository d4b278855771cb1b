using CsCheck;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization.Reading;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization.Reading;

/// <summary>Integers that are put into a model are the ones read from it again, and nothing else of the model changes.</summary>
[TestClass]
public sealed class WrittenCodesAreReadTests
{
    private static readonly Gen<OnnxModel> Models = Gen.OneOf(
        Gen.Select(
            OneOf("Conv", "Gemm", "MatMul"),
            OneOf(DataType.Int8, DataType.Uint8, DataType.Int4, DataType.Uint4),
            OneOf("tensor", "channel", "block"),
            Gen.Bool,
            Gen.Int[1, 1000],
            (op, type, granularity, transposed, seed) => IntegerModel.Dequantized(
                op, type, op == "Conv" && granularity == "block" ? "channel" : granularity, op == "Gemm" && transposed, seed: seed)),
        Gen.Select(
            OneOf("QLinearConv", "QLinearMatMul", "QGemm", "ConvInteger", "MatMulInteger", "DynamicQuantizeMatMul", "MatMulIntegerToFloat"),
            OneOf(DataType.Int8, DataType.Uint8),
            Gen.Bool,
            Gen.Bool,
            Gen.Int[1, 1000],
            (op, type, perChannel, transposed, seed) => IntegerModel.Integer(op, type, perChannel, op == "QGemm" && transposed, seed)),
        Gen.Select(OneOf(DataType.Uint4, DataType.Uint8), Gen.Int[1, 1000], (type, seed) => IntegerModel.Integer("MatMulNBits", type, true, seed: seed)));

    [TestMethod]
    public void Whatever_the_form() => Gen.Select(Models, Gen.Int).Sample((model, seed) =>
    {
        var before = Read(model);
        var random = new Random(seed);
        var half = 1 << (before.Bits - 1);
        var codes = before.SignedRows().Select(_ => (sbyte)random.Next(-half, half)).ToArray();

        var changed = model with { Proto = model.Proto.Clone() };
        Replace(changed, before, codes);
        var after = Read(changed);
        CollectionAssert.AreEqual(codes, after.SignedRows());
        CollectionAssert.AreEqual(before.Grid.Scales.ToArray(), after.Grid.Scales.ToArray());
        CollectionAssert.AreEqual(before.Grid.ZeroPoints.ToArray(), after.Grid.ZeroPoints.ToArray());

        Replace(changed, after, before.SignedRows());
        Assert.AreEqual(model.Proto, changed.Proto);
    });

    // A tensor may keep its values in the field for int32 instead of raw bytes.
    [TestMethod]
    [DataRow(DataType.Int8)]
    [DataRow(DataType.Uint4)]
    public void Whatever_field_of_the_message_they_lie_in(DataType type)
    {
        var model = IntegerModel.Dequantized("Gemm", type, "channel");
        var expected = Read(model).SignedRows();
        var tensor = Stored(model, Read(model));
        tensor.Int32Data.AddRange(tensor.RawData.Select(b => type == DataType.Int8 ? (sbyte)b : (int)b));
        tensor.ClearRawData();
        CollectionAssert.AreEqual(expected, Read(model).SignedRows());

        sbyte[] reversed = [.. Enumerable.Reverse(expected)];
        Replace(model, Read(model), reversed);
        CollectionAssert.AreEqual(reversed, Read(model).SignedRows());
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static QuantizedTensor Read(OnnxModel model) => QuantizedWeightReader.Read(new ModelGraph(model)).Tensors.Single();

    private static TensorProto Stored(OnnxModel model, QuantizedTensor weight) => model.Proto.Graph.Initializer.Single(i => i.Name == weight.CodesName);

    private static void Replace(OnnxModel model, QuantizedTensor weight, sbyte[] codes)
    {
        var stored = Stored(model, weight);
        model.Proto.Graph.Initializer[model.Proto.Graph.Initializer.IndexOf(stored)] = weight.Replace(stored, codes);
    }
}
