namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class ReductionTests : OperatorTest
{
    [TestMethod]
    [DataRow("ReduceMean")]
    [DataRow("ReduceSum")]
    [DataRow("ReduceMax")]
    [DataRow("ReduceMin")]
    public void Axes_as_attribute_and_as_input(string op)
    {
        AssertAgrees(op, 11, [Normal(2, 3, 4)], ("axes", new[] { 1L, -1L }));
        AssertAgrees(op, 11, [Normal(2, 3, 4)], ("axes", new[] { 0L }), ("keepdims", 0L));
        AssertAgrees(op, 11, [Normal(2, 3, 4)]);
        AssertAgrees(op, 18, [Normal(2, 3, 4), List(1, -1)], ("keepdims", 0L));
        AssertAgrees(op, 18, [Normal(2, 3, 4)], ("keepdims", 0L));
        AssertAgrees(op, 18, [Normal(2, 3, 4), List()], ("noop_with_empty_axes", 1L));
        AssertAgrees(op, 18, [Normal()]);
    }
}
