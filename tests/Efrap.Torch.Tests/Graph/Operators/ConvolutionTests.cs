namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class ConvolutionTests : OperatorTest
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Convolutions_of_one_to_three_axes(int axes)
    {
        long[] size = [.. Enumerable.Repeat(9L, axes)];
        long[] kernel = [.. Enumerable.Repeat(3L, axes)];
        AssertAgrees("Conv", 13, [Normal([2, 4, .. size]), Normal([6, 4, .. kernel]), Normal(6)]);
        AssertAgrees(
            "Conv", 13, [Normal([2, 4, .. size]), Normal([6, 2, .. kernel])],
            ("group", 2L),
            ("strides", Enumerable.Repeat(2L, axes).ToArray()),
            ("dilations", Enumerable.Repeat(2L, axes).ToArray()),
            ("pads", Enumerable.Repeat(1L, 2 * axes).ToArray()));
    }

    [TestMethod]
    [DataRow("SAME_UPPER", 1L)]
    [DataRow("SAME_UPPER", 2L)]
    [DataRow("SAME_LOWER", 1L)]
    [DataRow("SAME_LOWER", 3L)]
    [DataRow("VALID", 2L)]
    public void Automatic_padding(string autoPad, long stride)
    {
        foreach (var kernel in (long[])[2, 3, 4])
        {
            AssertAgrees(
                "Conv", 13, [Normal(1, 2, 8, 11), Normal(3, 2, kernel, kernel)], ("auto_pad", autoPad), ("strides", new[] { stride, stride }));
        }
    }

    [TestMethod]
    public void Padding_that_differs_from_side_to_side() =>
        AssertAgrees("Conv", 13, [Normal(2, 3, 7, 8), Normal(4, 3, 3, 2), Normal(4)], ("pads", new[] { 0L, 2L, 1L, 3L }));

    [TestMethod]
    public void Depthwise() => AssertAgrees(
        "Conv", 13, [Normal(2, 6, 7, 7), Normal(6, 1, 3, 3), Normal(6)], ("group", 6L), ("pads", new[] { 1L, 1L, 1L, 1L }));

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Transposed_convolutions(int axes)
    {
        long[] size = [.. Enumerable.Repeat(5L, axes)];
        long[] kernel = [.. Enumerable.Repeat(3L, axes)];
        AssertAgrees("ConvTranspose", 13, [Normal([2, 4, .. size]), Normal([4, 6, .. kernel]), Normal(6)]);
        AssertAgrees(
            "ConvTranspose", 13, [Normal([2, 4, .. size]), Normal([4, 3, .. kernel]), Normal(6)],
            ("group", 2L),
            ("strides", Enumerable.Repeat(2L, axes).ToArray()),
            ("dilations", Enumerable.Repeat(2L, axes).ToArray()),
            ("pads", Enumerable.Range(0, 2 * axes).Select(i => i % 2L).ToArray()),
            ("output_padding", Enumerable.Repeat(1L, axes).ToArray()));
    }

    [TestMethod]
    [DataRow("NOTSET")]
    [DataRow("SAME_UPPER")]
    [DataRow("SAME_LOWER")]
    [DataRow("VALID")]
    public void Transposed_convolutions_to_a_given_size(string autoPad)
    {
        object[] inputs = [Normal(1, 2, 5, 5), Normal(2, 3, 4, 4), Normal(3)];
        AssertAgrees("ConvTranspose", 13, inputs, ("auto_pad", autoPad), ("strides", new[] { 2L, 2L }));
        AssertAgrees("ConvTranspose", 13, inputs, ("auto_pad", autoPad), ("strides", new[] { 2L, 2L }), ("output_shape", new[] { 11L, 9L }));
    }

    [TestMethod]
    [DataRow(0L, 0L)]
    [DataRow(1L, 0L)]
    [DataRow(0L, 1L)]
    [DataRow(1L, 1L)]
    public void Products_of_matrices(long transA, long transB)
    {
        var a = transA == 1 ? Normal(4, 3) : Normal(3, 4);
        var b = transB == 1 ? Normal(5, 4) : Normal(4, 5);
        AssertAgrees("Gemm", 13, [a, b, Normal(5)], ("transA", transA), ("transB", transB), ("alpha", 0.5f), ("beta", 2f));
        AssertAgrees("Gemm", 13, [a, b], ("transA", transA), ("transB", transB));
        AssertAgrees("Gemm", 13, [a, b, Normal(3, 1)], ("transA", transA), ("transB", transB));
    }

    [TestMethod]
    public void Products_of_stacks_of_matrices()
    {
        AssertAgrees("MatMul", 13, [Normal(2, 3, 4, 5), Normal(3, 5, 2)]);
        AssertAgrees("MatMul", 13, [Normal(4, 5), Normal(5)]);
        AssertAgrees("MatMul", 13, [Normal(5), Normal(2, 5, 3)]);
    }
}
