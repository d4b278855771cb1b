using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using static TorchSharp.torch;

namespace Efrap.Torch.Tests.Attacks;

/// <summary>Wherever gradients push, each grid's own weights are what nearest rounding makes of the full-precision ones.</summary>
[TestClass]
public sealed class NestedCodesStayNearestTests : TorchTest
{
    [TestMethod]
    [DataRow(false, 8)]
    [DataRow(false, 4)]
    [DataRow(false, 8, 6, 4)]
    [DataRow(true, 8, 6, 4)]
    [DataRow(false, 5, 3, 2)]
    public void Under_any_gradients(bool perTensor, params int[] bits)
    {
        using var net = new ResidualNet(ShapeGeometry.Count, normalized: false);
        var layers = net.WeightLayers();
        RoundingGrid[] grids = [.. bits.Select(b => RoundingGrid.OfBits(b, perTensor))];
        using var nested = new NestedCodes(layers, grids);
        AssertNearest();
        var before = layers[1].Values();
        for (var step = 0; step < 20; step++)
        {
            Push(layers);
            nested.StepFullPrecision(0.7);
            foreach (var grid in grids)
            {
                Push(layers);
                nested.Step(grid, 0.7);
            }

            nested.Place();
            AssertNearest();
        }

        CollectionAssert.AreNotEqual(before, layers[1].Values(), "weights do move");

        void AssertNearest()
        {
            foreach (var grid in grids)
            {
                using var scope = NewDisposeScope();
                var expected = layers.Select(l => grid.Round(l.Weight).data<float>().ToArray()).ToArray();
                using var rounded = nested.Rounded(grid);
                foreach (var (layer, nearest) in layers.Zip(expected))
                    CollectionAssert.AreEqual(nearest, layer.Values(), $"{layer.Name} on {grid}");
            }
        }
    }

    [TestMethod]
    public void Each_grid_finds_codes_of_its_own()
    {
        using var net = new ResidualNet(ShapeGeometry.Count, normalized: false);
        var layers = net.WeightLayers();
        RoundingGrid[] grids = [RoundingGrid.Int8, RoundingGrid.Int4];
        using var nested = new NestedCodes(layers, grids);
        var coarse = Values(RoundingGrid.Int4);
        var fine = Values(RoundingGrid.Int8);
        for (var step = 0; step < 10; step++)
        {
            Push(layers);
            nested.Step(RoundingGrid.Int8, 0.5);
            nested.Place();
        }

        CollectionAssert.AreEqual(coarse, Values(RoundingGrid.Int4), "int8 has learned, int4 has not");
        CollectionAssert.AreNotEqual(fine, Values(RoundingGrid.Int8));

        float[] Values(RoundingGrid grid)
        {
            using var rounded = nested.Rounded(grid);
            return layers[2].Values();
        }
    }

    private static void Push(IEnumerable<WeightLayer> layers)
    {
        foreach (var layer in layers)
            layer.Weight.grad = randn_like(layer.Weight);
    }
}
