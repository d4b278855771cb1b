namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class ResizingTests : OperatorTest
{
    [TestMethod]
    [DataRow("half_pixel")]
    [DataRow("half_pixel_symmetric")]
    [DataRow("pytorch_half_pixel")]
    [DataRow("align_corners")]
    [DataRow("asymmetric")]
    public void Linear(string coordinates)
    {
        AssertAgrees(
            "Resize", 19, [Normal(2, 3, 5, 6), null, Floats(1, 1, 2, 1.7f)], ("mode", "linear"), ("coordinate_transformation_mode", coordinates));
        AssertAgrees(
            "Resize", 19, [Normal(2, 3, 5, 6), null, null, List(2, 3, 3, 9)], ("mode", "linear"), ("coordinate_transformation_mode", coordinates));
        AssertAgrees(
            "Resize", 19, [Normal(2, 3, 5, 6), null, null, List(2, 3, 1, 1)], ("mode", "linear"), ("coordinate_transformation_mode", coordinates));
    }

    [TestMethod]
    [DataRow("half_pixel")]
    [DataRow("pytorch_half_pixel")]
    [DataRow("align_corners")]
    [DataRow("asymmetric")]
    [DataRow("tf_half_pixel_for_nn")]
    public void Nearest(string coordinates)
    {
        foreach (var rounding in (string[])["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"])
        {
            foreach (var size in (long[])[1, 3, 8, 10, 13])
            {
                AssertAgrees(
                    "Resize", 13, [Normal(2, 3, 5, 6), null, null, List(2, 3, size, size)],
                    ("coordinate_transformation_mode", coordinates), ("nearest_mode", rounding));
            }

            AssertAgrees(
                "Resize", 13, [Normal(2, 3, 5, 6), null, Floats(1, 1, 2, 0.6f)],
                ("coordinate_transformation_mode", coordinates), ("nearest_mode", rounding));
        }
    }

    [TestMethod]
    public void Some_axes_only() =>
        AssertAgrees("Resize", 18, [Normal(2, 3, 5, 6), null, Floats(2, 3)], ("mode", "linear"), ("axes", new[] { 2L, -1L }));

    [TestMethod]
    [DataRow("nearest")]
    [DataRow("linear")]
    public void Older_versions(string mode)
    {
        AssertAgrees("Resize", 10, [Normal(2, 3, 6, 6), Floats(1, 1, 2, 0.5f)], ("mode", mode));
        AssertAgrees("Resize", 10, [Normal(2, 3, 7, 7), Floats(1, 1, 1.5f, 0.4f)], ("mode", mode));
        AssertAgrees("Upsample", 9, [Normal(2, 3, 5, 5), Floats(1, 1, 2, 3)], ("mode", mode));
    }
}
