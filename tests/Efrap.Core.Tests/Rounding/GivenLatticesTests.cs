using CsCheck;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Onnx;

namespace Efrap.Core.Tests.Rounding;

/// <summary>A sweep rounds on the lattices it is given: those of a file, whose scales may lie in blocks.</summary>
[TestClass]
public sealed class GivenLatticesTests
{
    [TestMethod]
    [DataRow(4)]
    [DataRow(12)]
    public void Weights_end_on_their_points_and_outputs_nearer_than_with_nearest_rounding(int block)
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Gemm(b.Input("input", -1, 24), 24, 16, transposed: true)]);
        b.Output(b.MatMul(x, 16, 6), -1, 6);
        var hardened = Hardened.Of(b, Precision.Int8Weights, adjust: s => s with { Lattice = layer => InBlocks(layer.Weights, block) });
        var nearest = Hardened.Of(b, Precision.Int8Weights, Solver.Nearest, adjust: s => s with { Lattice = layer => InBlocks(layer.Weights, block) });
        Assert.IsLessThan(nearest.RelativeError(), hardened.RelativeError());

        foreach (var layer in hardened.Plan.Layers)
        {
            var lattice = InBlocks(layer.Weights, block);
            var expected = layer.Weights.ToTensor(lattice.Values(hardened.Roundings[layer.Name].Up));
            var stored = hardened.Initializer(hardened.Model.Graph.Node.Single(n => n.Name == layer.Name).Input[1]);
            CollectionAssert.AreEqual(expected, Core.Onnx.TensorValues.ToSingles(stored));
        }
    }

    [TestMethod]
    public void Each_weight_has_the_codes_around_it_on_its_own_scale() => Gen.Select(
        Gen.Single[-2, 2].Array[1, 60], Gen.Int[1, 4], Gen.Int[1, 8], Gen.Int[0, 1000], Gen.Bool,
        (values, rows, block, seed, shifted) => (values, rows, block, seed, shifted)).Sample(x =>
    {
        var columns = (x.values.Length + x.rows - 1) / x.rows;
        var values = x.values;
        Array.Resize(ref values, x.rows * columns);
        var weights = new WeightMatrix(values, [x.rows, columns], transposed: false, groups: 1);
        var random = new Random(x.seed);
        var (scales, points) = (new float[values.Length], new sbyte[values.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            var isFirst = i % columns % x.block == 0;
            scales[i] = isFirst ? 0.02f + (0.1f * random.NextSingle()) : scales[i - 1];
            points[i] = isFirst ? (sbyte)(x.shifted ? random.Next(-20, 20) : 0) : points[i - 1];
        }

        var lattice = WeightLattice.Given(weights, scales, points, new sbyte[values.Length], 8, perTensor: false);
        for (var i = 0; i < values.Length; i++)
        {
            var row = i / columns;
            Assert.AreEqual(scales[i], lattice.ScaleOf(row, i));
            var (down, up) = (lattice.Value(row, i, up: false), lattice.Value(row, i, up: true));
            Assert.AreEqual(scales[i] * (lattice.Floor[i] - points[i]), down);
            if (lattice.Movable[i])
                Assert.IsTrue(down <= values[i] + 1e-5f && values[i] <= up + 1e-5f, $"{values[i]} between {down} and {up}");
            var error = Math.Abs(values[i] - lattice.Value(row, i, lattice.NearestUp[i]));
            Assert.AreEqual(error, lattice.TruncationError[i], 1e-6f);
        }

        Assert.AreEqual(new CodeCounts(values.Length, 0, 0), CodeCounts.Of(lattice, lattice.Codes(lattice.NearestUp)));
    });

    // A scale for each block of a row: its largest weight over the limit.
    private static WeightLattice InBlocks(WeightMatrix weights, int block)
    {
        var scales = new float[weights.Values.Length];
        for (var row = 0; row < weights.Rows; row++)
        {
            for (var column = 0; column < weights.Columns; column += block)
            {
                var (first, length) = ((row * weights.Columns) + column, Math.Min(block, weights.Columns - column));
                scales.AsSpan(first, length).Fill(weights.Values.AsSpan(first, length).ToArray().Max(MathF.Abs) / 7);
            }
        }

        return WeightLattice.Given(weights, scales, new sbyte[scales.Length], new sbyte[scales.Length], 4, perTensor: false);
    }
}
