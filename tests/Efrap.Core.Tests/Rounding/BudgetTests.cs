using CsCheck;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>A budgeted rounding keeps to ρ·A(nearest) where it says so, and flips truncation error with what is left.</summary>
[TestClass]
public sealed class BudgetTests
{
    private static readonly ParallelOptions Options = new();

    private static readonly Gen<RandomLayer> Layers = Gen.Select(
        Gen.Int, Gen.Int[1, 4], Gen.Int[1, 2], Gen.Int[1, 100], Gen.Bool, Gen.Double[0, 2],
        (seed, rows, groups, columns, int8, inherited) =>
            new RandomLayer(seed, rows * groups, columns, groups, int8 ? 8 : 4, samples: 120, inherited));

    [TestMethod]
    public void A_is_within_the_budget_exactly_where_it_says_so() => Gen.Select(Layers, Gen.Double[0.05, 1]).Sample(
        (layer, budget) =>
        {
            var rounding = BudgetedRounding.Solve(layer.Problem, budget, Options);
            var (error, nearest) = (layer.ActivationError(rounding.Up), layer.ActivationError(layer.Lattice.NearestUp));
            var tolerance = (1e-4 * nearest) + layer.Noise + layer.Imprecision(nearest);
            Assert.AreEqual(nearest, rounding.NearestError, tolerance);
            Assert.AreEqual(error, rounding.Error, tolerance);
            if (rounding.BudgetMet)
                Assert.IsLessThanOrEqualTo((budget * nearest) + tolerance, error);
            else
                Assert.IsGreaterThan((budget * nearest) - (1e-4 * nearest) - tolerance, error);
        },
        iter: 100);

    [TestMethod]
    public void Missed_budgets_keep_the_solution_without_penalty()
    {
        var missed = 0;
        for (var seed = 0; seed < 30; seed++)
        {
            var layer = new RandomLayer(seed, 3, 20, inherited: 0.2);
            var rounding = BudgetedRounding.Solve(layer.Problem, 0.15, Options);
            if (rounding.BudgetMet)
                continue;
            missed++;
            Assert.AreEqual(0, rounding.Penalty);
            CollectionAssert.AreEqual(WithoutPenalty(layer), rounding.Up);
        }

        Assert.IsGreaterThan(20, missed, "the case hardly occurred");
    }

    [TestMethod]
    public void Budgets_that_no_rounding_meets_are_missed()
    {
        var impossible = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var layer = new RandomLayer(seed, 2, 10);
            var smallest = BruteForce.Minimum(layer, 0, 0) + BruteForce.Minimum(layer, 1, 0);
            var rounding = BudgetedRounding.Solve(layer.Problem, 0.5, Options);
            if (smallest <= 0.5 * layer.ActivationError(layer.Lattice.NearestUp))
                continue;
            impossible++;
            Assert.IsFalse(rounding.BudgetMet, $"seed {seed}");
            CollectionAssert.AreEqual(WithoutPenalty(layer), rounding.Up);
        }

        Assert.IsGreaterThan(5, impossible, "the case hardly occurred");
    }

    [TestMethod]
    public void Never_flips_less_truncation_error_than_without_penalty() => Gen.Select(Layers, Gen.Double[0.2, 1]).Sample(
        (layer, budget) =>
        {
            var rounding = BudgetedRounding.Solve(layer.Problem, budget, Options);
            var without = layer.FlippedError(WithoutPenalty(layer));
            Assert.IsGreaterThanOrEqualTo(without * (1 - 1e-6), layer.FlippedError(rounding.Up));
        },
        iter: 100);

    [TestMethod]
    public void Flips_are_counted_as_the_share_of_all_weights()
    {
        var layer = new RandomLayer(seed: 3, rows: 8, columns: 40);
        var rounding = BudgetedRounding.Solve(layer.Problem, 0.9, Options);
        var flips = rounding.Up.Zip(layer.Lattice.NearestUp, (a, b) => a != b).Count(f => f);
        Assert.IsGreaterThan(20, flips);
        Assert.AreEqual(flips / 320.0, rounding.Flips);
    }

    [TestMethod]
    public void Nearest_flips_nothing_and_costs_what_nearest_costs()
    {
        var layer = new RandomLayer(seed: 3, rows: 8, columns: 40);
        var rounding = BudgetedRounding.Nearest(layer.Problem, Options);
        CollectionAssert.AreEqual(layer.Lattice.NearestUp, rounding.Up);
        Assert.AreEqual(0, rounding.Flips);
        var error = layer.ActivationError(layer.Lattice.NearestUp);
        Assert.AreEqual(error, rounding.Error, 1e-4 * error);
        Assert.AreEqual(rounding.Error, rounding.NearestError);
    }

    private static bool[] WithoutPenalty(RandomLayer layer)
    {
        var descent = new CoordinateDescent(layer.Problem, Options);
        descent.Solve(0);
        return descent.Up;
    }
}
