using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>
/// Where nearest rounding is so bad that the budget alone would allow much noise, flips add at most a five-hundredth of the
/// output's power to what the rounding that only preserves activations leaves.
/// </summary>
[TestClass]
public sealed class FlipNoiseTests
{
    private static readonly ParallelOptions Options = new();

    [TestMethod]
    public void Flips_add_no_more_noise_than_they_may()
    {
        var bound = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var layer = new RandomLayer(seed, 8, 70);
            var rounding = BudgetedRounding.Solve(layer.Problem, 1, Options);
            var descent = new CoordinateDescent(layer.Problem, Options);
            descent.Solve(0);
            var least = layer.ActivationError(descent.Up);
            var power = Power(layer);
            Assert.AreEqual(power, layer.Problem.OutputPower(), 1e-4 * power);
            Assert.IsLessThanOrEqualTo(least + (0.002 * power) + (1e-4 * rounding.NearestError), rounding.Error, $"seed {seed}");
            bound += rounding.Error < 0.9 * rounding.NearestError ? 1 : 0;
        }

        Assert.IsGreaterThan(0, bound, "the budget alone bound every layer");
    }

    // E‖Wx‖², straight from its definition.
    private static double Power(RandomLayer layer)
    {
        var weights = layer.Lattice.Weights;
        var sum = 0.0;
        foreach (var x in layer.Inputs)
        {
            for (var row = 0; row < weights.Rows; row++)
            {
                var y = 0.0;
                for (var i = 0; i < weights.Columns; i++)
                    y += (double)weights.Values[(row * weights.Columns) + i] * x[i];
                sum += y * y;
            }
        }

        return sum / layer.Inputs.Length;
    }
}
