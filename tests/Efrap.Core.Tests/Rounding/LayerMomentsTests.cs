using CsCheck;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>A(b) from G, q and E r² is the mean squared error of the layer's output: E‖y − Ŵx̂ − bias‖².</summary>
[TestClass]
public sealed class LayerMomentsTests
{
    private static readonly ParallelOptions OneThread = new() { MaxDegreeOfParallelism = 1 };

    [TestMethod]
    public void A_is_the_mean_squared_error_of_any_rounding() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 60], Gen.Int[1, 110], Gen.Int[1, 40].Array[1, 4], Gen.Bool, Gen.Bool, Gen.Int)
            .Sample((groups, rows, columns, widths, bias, int8, seed) =>
                AssertMeanSquaredError(groups, rows, columns, widths, bias, int8 ? 8 : 4, seed), iter: 100);

    [TestMethod]
    public void A_of_a_wide_block_and_a_narrow_one() => AssertMeanSquaredError(1, 100, 150, [2048, 1, 700], bias: true, 8, seed: 1);

    private static void AssertMeanSquaredError(int groups, int rowsPerGroup, int columns, int[] widths, bool bias, int bits, int seed)
    {
        var random = new Random(seed);
        var rows = groups * rowsPerGroup;
        var weights = new WeightMatrix(Draw(random, rows * columns, 1), [rows, columns], transposed: false, groups);
        var layer = new QuantizableLayer(
            0, "layer", "Conv", "x", "w", bias ? "b" : null, "y", weights, bias ? Draw(random, rows, 1) : null, null);
        var moments = new LayerMoments(layer, OneThread);
        var lattice = WeightLattice.PerChannel(weights, bits);
        var up = lattice.Movable.Select(m => m && random.Next(2) == 0).ToArray();

        var (direct, size) = (0.0, 0.0);
        foreach (var width in widths)
        {
            var input = Draw(random, groups * columns * width, 1);
            var output = Outputs(random, layer, input, width);
            for (var row = 0; row < rows; row++)
            {
                for (var i = 0; i < width; i++)
                {
                    double sum = layer.BiasValues?[row] ?? 0;
                    for (var k = 0; k < columns; k++)
                    {
                        var at = (row * columns) + k;
                        sum += (double)lattice.Scales[row] * (lattice.Floor[at] + (up[at] ? 1 : 0))
                            * input[(((row / rowsPerGroup * columns) + k) * width) + i];
                    }

                    direct += Math.Pow(output[(row * width) + i] - sum, 2);
                    size += Math.Pow(output[(row * width) + i], 2);
                }
            }

            moments.Add(input, output, width);
        }

        moments.Complete();
        var count = widths.Sum();
        var problem = new LayerProblem(lattice, moments.Gram, moments.Cross, moments.Residual);

        // r is a difference of two numbers as large as y, in single precision.
        Assert.AreEqual(
            direct / count, CoordinateDescent.ActivationErrorOf(problem, up, OneThread), (1e-4 * direct / count) + (1e-12 * size / count));
        AssertSymmetric(moments.Gram, groups, columns);
    }

    // y is what the full-precision layer gives on a full-precision input that is not quite x̂.
    private static float[] Outputs(Random random, QuantizableLayer layer, float[] input, int width)
    {
        var (rows, columns) = (layer.Weights.Rows, layer.Weights.Columns);
        var output = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            var group = row / (rows / layer.Weights.Groups);
            for (var i = 0; i < width; i++)
            {
                double sum = (layer.BiasValues?[row] ?? 0) + (0.01 * random.NextNormal());
                for (var k = 0; k < columns; k++)
                    sum += (double)layer.Weights.Values[(row * columns) + k] * input[(((group * columns) + k) * width) + i] * 1.001;
                output[(row * width) + i] = (float)sum;
            }
        }

        return output;
    }

    private static void AssertSymmetric(float[] gram, int groups, int columns)
    {
        for (var group = 0; group < groups; group++)
        {
            var matrix = gram.AsSpan(group * columns * columns, columns * columns);
            for (var i = 0; i < columns; i++)
            {
                for (var j = 0; j < i; j++)
                    Assert.AreEqual(matrix[(i * columns) + j], matrix[(j * columns) + i]);
            }
        }
    }

    private static float[] Draw(Random random, int count, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * random.NextNormal()))];
}
