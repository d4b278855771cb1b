using CsCheck;
using Efrap.AttackLab.Attacks;

namespace Efrap.Torch.Tests.Attacks;

/// <summary>Wherever descent pushes weights, after the projection they round as they did before it.</summary>
[TestClass]
public sealed class ProjectionKeepsNearestCodesTests
{
    private static readonly Gen<(float[] Weights, float[] Pushes, int Channels)> _layers =
        from channels in Gen.Int[1, 4]
        from columns in Gen.Int[1, 40]
        from size in Among(1e-30f, 1e-3f, 1, 1e20f)
        from weights in Gen.OneOf(Gen.Float[-1, 1], Among(0, 1, -1, 0.5f)).Array[channels * columns]
        from pushes in Gen.OneOf(Gen.Float[-2, 2], Among(0, float.PositiveInfinity, float.NegativeInfinity)).Array[channels * columns]
        select (weights.Select(w => w * size).ToArray(), pushes.Select(p => p * size).ToArray(), channels);

    [TestMethod]
    public void Int8() => AssertCodesStay(RoundingGrid.Int8);

    [TestMethod]
    public void Int4() => AssertCodesStay(RoundingGrid.Int4);

    [TestMethod]
    public void Int8_with_one_scale_for_the_layer() => AssertCodesStay(RoundingGrid.OfBits(8, perTensor: true));

    [TestMethod]
    public void Int4_with_one_scale_for_the_layer() => AssertCodesStay(RoundingGrid.OfBits(4, perTensor: true));

    [TestMethod]
    public void Weights_do_move_when_pushed()
    {
        float[] weights = [0.30f, 1, -0.52f];
        var intervals = RoundingIntervals.Around(weights, 1, RoundingGrid.Int4);
        float[] pushed = [9, 9, 9];
        intervals.Project(pushed);
        Assert.AreEqual((2 + 0.5f - RoundingIntervals.Margin) / 7, pushed[0], 1e-6f);
        Assert.AreEqual(1, pushed[1], "the weight that sets the scale stays");
        Assert.AreEqual((-4 + 0.5f - RoundingIntervals.Margin) / 7, pushed[2], 1e-6f);
    }

    private static Gen<float> Among(params float[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void AssertCodesStay(RoundingGrid grid) => _layers.Sample(
        layer =>
        {
            var before = grid.NearestCodes(layer.Weights, layer.Channels);
            var moved = layer.Weights.Zip(layer.Pushes, (w, p) => w + p).ToArray();
            RoundingIntervals.Around(layer.Weights, layer.Channels, grid).Project(moved);
            CollectionAssert.AreEqual(before, grid.NearestCodes(moved, layer.Channels));
            CollectionAssert.AreEqual(grid.Scales(layer.Weights, layer.Channels), grid.Scales(moved, layer.Channels));
        },
        iter: 2000);
}
