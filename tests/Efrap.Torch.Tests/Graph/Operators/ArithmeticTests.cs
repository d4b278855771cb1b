using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class ArithmeticTests : OperatorTest
{
    [TestMethod]
    [DataRow("Add")]
    [DataRow("Sub")]
    [DataRow("Mul")]
    [DataRow("Div")]
    public void Of_two_tensors(string op)
    {
        AssertAgrees(op, 14, [Normal(2, 3, 4), Normal(3, 1)]);
        AssertAgrees(op, 14, [Normal(4), Normal(2, 3, 4)]);
        foreach (var type in (DataType[])[DataType.Int32, DataType.Int64])
        {
            var torchType = type == DataType.Int32 ? torch.ScalarType.Int32 : torch.ScalarType.Int64;
            AssertAgrees(op, 14, type, 1, [torch.randint(-20, 20, [3, 4], torchType), torch.randint(1, 5, [4], torchType)]);
            AssertAgrees(op, 14, type, 1, [torch.randint(-20, 20, [3, 4], torchType), torch.randint(-5, 0, [4], torchType)]);
        }
    }

    [TestMethod]
    public void Powers()
    {
        AssertAgrees("Pow", 13, [Normal(3, 4).abs(), Normal(4)]);
        AssertAgrees("Pow", 13, [Normal(3, 4), Scalar(2)]);
        AssertAgrees("Pow", 13, [Normal(3, 4), torch.randint(0, 4, [4], torch.ScalarType.Int64)]);
    }

    [TestMethod]
    [DataRow("Exp")]
    [DataRow("Neg")]
    [DataRow("Abs")]
    [DataRow("Sign")]
    [DataRow("Sin")]
    [DataRow("Cos")]
    [DataRow("Floor")]
    [DataRow("Ceil")]
    [DataRow("Identity")]
    [DataRow("Dropout")]
    public void Of_one_tensor(string op) => AssertAgrees(op, 13, [Normal(3, 40)]);

    [TestMethod]
    [DataRow("Sqrt")]
    [DataRow("Log")]
    [DataRow("Reciprocal")]
    public void Of_one_positive_tensor(string op) => AssertAgrees(op, 13, [Normal(3, 40).abs().add(0.1)]);

    [TestMethod]
    public void Rounding_takes_halves_to_even() => AssertAgrees("Round", 13, [torch.arange(-3.5, 4, 0.5, torch.ScalarType.Float32)]);

    [TestMethod]
    [DataRow("Min")]
    [DataRow("Max")]
    [DataRow("Sum")]
    [DataRow("Mean")]
    public void Of_any_number_of_tensors(string op)
    {
        AssertAgrees(op, 13, [Normal(3, 4)]);
        AssertAgrees(op, 13, [Normal(3, 4), Normal(4)]);
        AssertAgrees(op, 13, [Normal(3, 4), Normal(4), Normal(2, 1, 1)]);
    }

    [TestMethod]
    [DataRow(DataType.Int32)]
    [DataRow(DataType.Int64)]
    [DataRow(DataType.Uint8)]
    [DataRow(DataType.Bool)]
    [DataRow(DataType.Double)]
    [DataRow(DataType.Float16)]
    public void Casts_from_float(DataType type)
    {
        var x = type == DataType.Uint8 ? Normal(3, 40).abs().mul(20) : Normal(3, 40).mul(20);
        AssertAgrees("Cast", 13, type, 1, [x], ("to", (long)type));
    }

    [TestMethod]
    public void Casts_from_integers() => AssertAgrees("Cast", 13, [torch.randint(-9, 9, [3, 4], torch.ScalarType.Int64)], ("to", 1L));

    [TestMethod]
    [DataRow("Equal")]
    [DataRow("Greater")]
    [DataRow("GreaterOrEqual")]
    [DataRow("Less")]
    [DataRow("LessOrEqual")]
    public void Comparisons(string op)
    {
        AssertAgrees(op, 13, DataType.Bool, 1, [torch.arange(6f).reshape(2, 3), torch.arange(3f)]);
        AssertAgrees(op, 13, DataType.Bool, 1, [torch.arange(6L).reshape(2, 3), torch.arange(3L)]);
    }

    [TestMethod]
    public void Logic()
    {
        var (a, b) = (Normal(4, 5).gt(0), Normal(5).gt(0));
        AssertAgrees("And", 13, DataType.Bool, 1, [a, b]);
        AssertAgrees("Or", 13, DataType.Bool, 1, [a, b]);
        AssertAgrees("Not", 13, DataType.Bool, 1, [a]);
        AssertAgrees("Where", 13, [a, Normal(5), Normal(2, 4, 1)]);
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(1L)]
    public void Index_of_the_largest(long last)
    {
        var x = torch.randint(0, 3, [4, 6], torch.ScalarType.Float32);
        AssertAgrees("ArgMax", 13, DataType.Int64, 1, [x], ("select_last_index", last));
        AssertAgrees("ArgMax", 13, DataType.Int64, 1, [x], ("axis", -1L), ("keepdims", 0L), ("select_last_index", last));
    }
}
