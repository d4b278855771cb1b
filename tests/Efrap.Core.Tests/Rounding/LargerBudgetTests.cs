using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>
/// A larger budget flips more truncation error. The search ends in local optima, so that a single step may fall short of
/// the one before; over a few layers it must not.
/// </summary>
[TestClass]
public sealed class LargerBudgetTests
{
    private static readonly double[] Budgets = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    [TestMethod]
    public void Flips_more_truncation_error()
    {
        const int Layers = 10;
        var total = new double[Budgets.Length];
        for (var seed = 0; seed < Layers; seed++)
        {
            var layer = new RandomLayer(seed, 8, 70, bits: 8, inherited: 1);
            var all = layer.Lattice.TruncationError.Sum();
            var last = 0.0;
            for (var i = 0; i < Budgets.Length; i++)
            {
                var rounding = BudgetedRounding.Solve(layer.Problem, Budgets[i], new ParallelOptions());
                var flipped = layer.FlippedError(rounding.Up) / all;
                Assert.IsGreaterThan(last - 0.05, flipped, $"seed {seed}, budget {Budgets[i]}");
                total[i] += flipped / Layers;
                last = flipped;
            }
        }

        for (var i = 1; i < total.Length; i++)
            Assert.IsGreaterThan(total[i - 1], total[i], $"budget {Budgets[i]} on average");
    }

    // The knob must do something: this is what the defence rests on.
    [TestMethod]
    public void The_default_budget_flips_far_more_than_activations_alone_would()
    {
        var (budgeted, without) = (0.0, 0.0);
        for (var seed = 0; seed < 10; seed++)
        {
            var layer = new RandomLayer(seed, 8, 70, bits: 8, inherited: 1);
            var all = layer.Lattice.TruncationError.Sum();
            budgeted += layer.FlippedError(BudgetedRounding.Solve(layer.Problem, 0.5, new ParallelOptions()).Up) / all / 10;
            var descent = new CoordinateDescent(layer.Problem, new ParallelOptions());
            descent.Solve(0);
            without += layer.FlippedError(descent.Up) / all / 10;
        }

        Assert.IsGreaterThan(without + 0.2, budgeted);
    }
}
