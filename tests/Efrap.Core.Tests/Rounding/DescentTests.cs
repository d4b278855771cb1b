using CsCheck;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>Coordinate descent ends where no flip of a single weight lowers A(b) + κ·Σ e·[b = n], and not above nearest rounding.</summary>
[TestClass]
public sealed class DescentTests
{
    // Flips that change the objective by less than single precision tells apart, relative to its terms.
    private const double Noise = 1e-4;

    // Up to three of the solver's blocks of 64 columns.
    private static readonly Gen<(RandomLayer Layer, double Penalty)> Problems = Gen.Select(
        Gen.Int, Gen.Int[1, 3], Gen.Int[1, 2], Gen.Int[1, 150], Gen.Bool, Gen.Int[1, 100], Gen.Double[0, 2],
        Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 20]),
        (seed, rows, groups, columns, int8, samples, inherited, k) =>
        {
            var layer = new RandomLayer(seed, rows * groups, columns, groups, int8 ? 8 : 4, samples, inherited);
            return (layer, k * layer.Problem.PenaltyUnit());
        });

    [TestMethod]
    public void No_single_flip_lowers_the_objective() => Problems.Sample(
        (layer, penalty) =>
        {
            var up = Solve(layer, penalty);
            for (var i = 0; i < up.Length; i++)
            {
                if (!layer.Lattice.Movable[i])
                    continue;
                var (row, column) = Math.DivRem(i, layer.Problem.Columns);
                var scale = layer.Lattice.Scales[row];
                var size = (scale * scale * layer.Problem.GramOf(row)[column * (layer.Problem.Columns + 1)]) + (penalty * scale);
                Assert.IsGreaterThanOrEqualTo(
                    -Noise * (size + layer.ActivationError(row, up)), layer.Change(row, column, up, penalty), $"row {row}, column {column}");
            }
        },
        iter: 60);

    [TestMethod]
    public void The_objective_is_never_above_that_of_nearest() => Problems.Sample(
        (layer, penalty) =>
        {
            var up = Solve(layer, penalty);
            for (var row = 0; row < layer.Problem.Rows; row++)
            {
                var nearest = layer.Objective(row, layer.Lattice.NearestUp, penalty);
                Assert.IsLessThanOrEqualTo((nearest * (1 + 1e-5)) + layer.Noise, layer.Objective(row, up, penalty), $"row {row}");
            }
        },
        iter: 60);

    [TestMethod]
    public void Weights_that_cannot_move_do_not() => Problems.Sample(
        (layer, penalty) =>
        {
            var up = Solve(layer, penalty);
            for (var i = 0; i < up.Length; i++)
                Assert.IsTrue(layer.Lattice.Movable[i] || up[i] == layer.Lattice.NearestUp[i]);
        },
        iter: 60);

    // The running gradient must not drift from the roundings it belongs to, through restarts with other penalties too.
    [TestMethod]
    public void The_error_it_keeps_is_the_error_of_its_roundings() => Problems.Sample(
        (layer, penalty) =>
        {
            var descent = new CoordinateDescent(layer.Problem, new ParallelOptions());
            foreach (var factor in new[] { 0, 1, 0.25, 3, 0 })
                descent.Solve((float)(factor * penalty));
            var expected = layer.ActivationError(descent.Up);
            var tolerance = (1e-4 * (expected + layer.ActivationError(layer.Lattice.NearestUp))) + layer.Noise;
            Assert.AreEqual(expected, descent.ActivationError(), tolerance);
            Assert.AreEqual(expected, CoordinateDescent.ActivationErrorOf(layer.Problem, descent.Up, new ParallelOptions()), tolerance);
        },
        iter: 60);

    private static bool[] Solve(RandomLayer layer, double penalty)
    {
        var descent = new CoordinateDescent(layer.Problem, new ParallelOptions());
        descent.Solve((float)penalty);
        return descent.Up;
    }
}
