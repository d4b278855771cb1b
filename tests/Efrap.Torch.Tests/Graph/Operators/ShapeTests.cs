using Efrap.Core.Onnx;
using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class ShapeTests : OperatorTest
{
    [TestMethod]
    public void Reshape()
    {
        AssertAgrees("Reshape", 13, [Normal(2, 3, 4), List(4, -1)]);
        AssertAgrees("Reshape", 13, [Normal(2, 3, 4), List(0, 0, 2, 2)]);
        AssertAgrees("Reshape", 14, [Normal(0, 3, 4), List(3, 0)], ("allowzero", 1L));
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(1L)]
    [DataRow(2L)]
    [DataRow(3L)]
    [DataRow(-1L)]
    public void Flatten(long axis) => AssertAgrees("Flatten", 13, [Normal(2, 3, 4)], ("axis", axis));

    [TestMethod]
    public void Transpose()
    {
        AssertAgrees("Transpose", 13, [Normal(2, 3, 4)]);
        AssertAgrees("Transpose", 13, [Normal(2, 3, 4)], ("perm", new[] { 1L, 2L, 0L }));
    }

    [TestMethod]
    public void Squeeze_and_unsqueeze_by_attribute_and_by_input()
    {
        AssertAgrees("Squeeze", 11, [Normal(1, 3, 1, 4)], ("axes", new[] { 0L, -2L }));
        AssertAgrees("Squeeze", 13, [Normal(1, 3, 1, 4), List(2)]);
        AssertAgrees("Squeeze", 13, [Normal(1, 3, 1, 4)]);
        AssertAgrees("Unsqueeze", 11, [Normal(3, 4)], ("axes", new[] { 0L, 3L }));
        AssertAgrees("Unsqueeze", 13, [Normal(3, 4), List(-1, 0)]);
    }

    [TestMethod]
    public void Shape_of_a_tensor()
    {
        AssertAgrees("Shape", 13, DataType.Int64, 1, [Normal(2, 3, 4)]);
        AssertAgrees("Shape", 15, DataType.Int64, 1, [Normal(2, 3, 4)], ("start", 1L));
        AssertAgrees("Shape", 15, DataType.Int64, 1, [Normal(2, 3, 4)], ("start", -2L), ("end", -1L));
    }

    [TestMethod]
    public void Expand_and_tile()
    {
        AssertAgrees("Expand", 13, [Normal(3, 1), List(2, 1, 6)]);
        AssertAgrees("Expand", 13, [Normal(3, 4), List(1)]);
        AssertAgrees("Tile", 13, [Normal(2, 3), List(2, 3)]);
    }

    [TestMethod]
    public void Tensors_from_nothing()
    {
        AssertAgrees("ConstantOfShape", 13, [List(2, 3)]);
        AssertAgrees(
            "ConstantOfShape", 13, DataType.Int64, 1, [torch.tensor(new[] { 2L, 3L })], ("value", TensorValues.FromInt64s("v", [1], [7])));
        AssertAgrees("Constant", 13, [], ("value", TensorValues.FromSingles("v", [2], [1, 2])));
        AssertAgrees("Constant", 13, [], ("value_float", 3f));
        AssertAgrees("Range", 13, [Scalar(1), Scalar(4), Scalar(0.5f)]);
        AssertAgrees("Range", 13, DataType.Int64, 1, [torch.tensor(10L), torch.tensor(1L), torch.tensor(-2L)]);
    }

    [TestMethod]
    public void Concat()
    {
        AssertAgrees("Concat", 13, [Normal(2, 3), Normal(2, 1), Normal(2, 2)], ("axis", 1L));
        AssertAgrees("Concat", 13, [Normal(2, 3), Normal(1, 3)], ("axis", -2L));
    }

    [TestMethod]
    public void Split()
    {
        AssertAgrees("Split", 11, DataType.Float, 2, [Normal(2, 5)], ("axis", 1L), ("split", new[] { 2L, 3L }));
        AssertAgrees("Split", 11, DataType.Float, 3, [Normal(6, 2)]);
        AssertAgrees("Split", 13, DataType.Float, 2, [Normal(2, 5), List(1, 4)], ("axis", -1L));
        AssertAgrees("Split", 18, DataType.Float, 3, [Normal(2, 7)], ("axis", 1L), ("num_outputs", 3L));
    }

    [TestMethod]
    public void Slice()
    {
        AssertAgrees("Slice", 9, [Normal(4, 5)], ("starts", new[] { 1L, -3L }), ("ends", new[] { 3L, long.MaxValue }));
        AssertAgrees("Slice", 9, [Normal(4, 5)], ("starts", new[] { 1L }), ("ends", new[] { -1L }), ("axes", new[] { 1L }));
        AssertAgrees("Slice", 13, [Normal(4, 5), List(0, 4), List(long.MaxValue, long.MinValue), List(0, 1), List(2, -1)]);
        AssertAgrees("Slice", 13, [Normal(4, 9), List(-2), List(1), List(-1), List(-3)]);
        AssertAgrees("Slice", 13, [Normal(4, 5), List(3), List(2)]);
        AssertAgrees("Slice", 13, [Normal(4, 5), List(1, 3), List(4, -9), List(0, 1), List(long.MaxValue, -long.MaxValue)]);
        AssertAgrees("Slice", 13, [Normal(4, 5), List(1), List(3), List(0), List(-1)]);
    }

    [TestMethod]
    public void Gather()
    {
        AssertAgrees("Gather", 13, [Normal(5, 4), torch.tensor(new[] { 0L, -1L, 3L, 3L }).reshape(2, 2)]);
        AssertAgrees("Gather", 13, [Normal(2, 5, 4), torch.tensor(new[] { 4, 0, 1 })], ("axis", 1L));
        AssertAgrees("Gather", 13, [Normal(2, 5), torch.tensor(2L)], ("axis", -1L));
    }

    [TestMethod]
    [DataRow("constant")]
    [DataRow("reflect")]
    [DataRow("edge")]
    [DataRow("wrap")]
    public void Pad(string mode)
    {
        AssertAgrees("Pad", 19, [Normal(2, 3, 5, 6), List(0, 1, 2, 0, 0, 2, 1, 4)], ("mode", mode));
        AssertAgrees("Pad", 19, [Normal(2, 3, 5, 6), List(2, 1, 0, 3), null, List(2, -1)], ("mode", mode));
    }

    [TestMethod]
    public void Pad_with_a_value_or_negatively()
    {
        AssertAgrees("Pad", 13, [Normal(3, 4), List(1, -1, 0, 2), Scalar(5)]);
        AssertAgrees("Pad", 10, [Normal(3, 4)], ("pads", new[] { 1L, 0L, 0L, 2L }), ("value", 5f));
    }
}
