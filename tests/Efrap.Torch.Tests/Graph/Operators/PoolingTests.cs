namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class PoolingTests : OperatorTest
{
    [TestMethod]
    [DataRow("MaxPool", 1)]
    [DataRow("MaxPool", 2)]
    [DataRow("MaxPool", 3)]
    [DataRow("AveragePool", 1)]
    [DataRow("AveragePool", 2)]
    [DataRow("AveragePool", 3)]
    public void Pools_of_one_to_three_axes(string op, int axes)
    {
        foreach (var ceil in (long[])[0, 1])
        {
            AssertAgrees(
                op, 12, [Normal([2, 3, .. Enumerable.Repeat(8L, axes)])],
                ("kernel_shape", Enumerable.Repeat(3L, axes).ToArray()),
                ("strides", Enumerable.Repeat(2L, axes).ToArray()),
                ("ceil_mode", ceil));
        }
    }

    [TestMethod]
    public void Largest_with_padding()
    {
        foreach (var pads in (long[][])[[1, 1, 1, 1], [0, 1, 1, 0], [2, 0, 1, 1]])
        {
            foreach (var ceil in (long[])[0, 1])
            {
                AssertAgrees(
                    "MaxPool", 12, [Normal(2, 3, 9, 10)],
                    ("kernel_shape", new[] { 3L, 2L }), ("strides", new[] { 2L, 3L }), ("pads", pads), ("ceil_mode", ceil));
            }
        }
    }

    [TestMethod]
    public void Largest_with_dilations() => AssertAgrees(
        "MaxPool", 12, [Normal(2, 3, 9, 10)], ("kernel_shape", new[] { 3L, 2L }), ("dilations", new[] { 2L, 3L }), ("pads", new[] { 1L, 0L, 1L, 1L }));

    [TestMethod]
    [DataRow(0L, 0L)]
    [DataRow(0L, 1L)]
    [DataRow(1L, 0L)]
    [DataRow(1L, 1L)]
    public void Average_with_padding_counted_or_not(long counted, long ceil)
    {
        foreach (var pads in (long[][])[[1, 1, 1, 1], [0, 1, 1, 0], [2, 0, 1, 1]])
        {
            AssertAgrees(
                "AveragePool", 19, [Normal(2, 3, 9, 10)],
                ("kernel_shape", new[] { 3L, 2L }), ("strides", new[] { 2L, 3L }), ("pads", pads), ("count_include_pad", counted), ("ceil_mode", ceil));
        }
    }

    [TestMethod]
    [DataRow("MaxPool", "SAME_UPPER")]
    [DataRow("MaxPool", "SAME_LOWER")]
    [DataRow("AveragePool", "SAME_UPPER")]
    [DataRow("AveragePool", "SAME_LOWER")]
    [DataRow("AveragePool", "VALID")]
    public void Automatic_padding(string op, string autoPad) => AssertAgrees(
        op, 12, [Normal(2, 3, 9, 10)], ("kernel_shape", new[] { 2L, 4L }), ("strides", new[] { 2L, 1L }), ("auto_pad", autoPad));

    [TestMethod]
    [DataRow("GlobalAveragePool")]
    [DataRow("GlobalMaxPool")]
    public void Over_everything(string op)
    {
        AssertAgrees(op, 13, [Normal(2, 3, 5)]);
        AssertAgrees(op, 13, [Normal(2, 3, 5, 6)]);
        AssertAgrees(op, 13, [Normal(2, 3, 5, 6, 2)]);
    }
}
