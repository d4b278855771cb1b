using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Verification;

/// <summary>What calibration data shows about the rounding of one weight, beside what the alternatives give on the same data.</summary>
/// <param name="Nearest">A(nearest).</param>
/// <param name="Error">A of the file's integers.</param>
/// <param name="Least">A of the rounding that only preserves activations, k = 0.</param>
/// <param name="Efrap">EFRAP rounding of the same weights.</param>
/// <param name="Budget">ρ.</param>
/// <param name="Guided">The share of the truncation error that lies on weights that the file flips.</param>
/// <param name="GuidedLeast">The same for k = 0.</param>
/// <param name="GuidedEfrap">The same for EFRAP rounding.</param>
/// <param name="Rows">The flips of each output channel.</param>
/// <param name="Channels">A of each output channel.</param>
/// <param name="Certificate">Whether the integers are, within a tolerance, as good a solution as EFRAP rounding of this very data.</param>
internal sealed record RoundingMeasurement(
    double Nearest,
    double Error,
    double Least,
    LayerRounding Efrap,
    double Budget,
    double Guided,
    double GuidedLeast,
    double GuidedEfrap,
    IReadOnlyList<ServedFlips> Rows,
    ChannelErrors Channels,
    RoundingCertificate Certificate)
{
    /// <summary>Other calibration data, or another prefix, make another A of the same integers: the limit lies a quarter of the way from
    /// what the rounding should reach to nearest rounding.</summary>
    internal const double Allowance = 0.25;

    // Where EFRAP rounding flips hardly more error than k = 0, the two are the same rounding within what other data change.
    private const double LeastGuidance = 0.1;

    // The cost of a flip is the difference of sums in single precision, which leaves this much of nothing.
    private const double Cancelled = 1e-3;

    /// <summary>The largest A of an EFRAP rounding: ρ·A(nearest), or A(0) where that is out of reach, and an allowance for other data.</summary>
    internal double Limit => Towards(Math.Max(Budget * Nearest, Least));

    /// <summary>Whether A keeps to what EFRAP rounding allows: all together, and in every channel.</summary>
    internal bool IsWithinBudget => Error <= Limit && Channels.Beyond(Budget) is null;

    /// <summary>Whether A is nearer to the least that rounding can reach than to nearest rounding's.</summary>
    internal bool PreservesActivations => Error <= (Least + Nearest) / 2;

    /// <summary>How many weights are flipped.</summary>
    internal long Flips => Rows.Sum(r => (long)r.Flips);

    /// <summary>How many of the flips serve neither purpose.</summary>
    internal long Unserved => Rows.Sum(r => (long)r.Unserved);

    /// <summary>The output channel whose flips serve least.</summary>
    internal ServedFlips WorstRow => Rows.MinBy(r => r.Chance)!;

    /// <summary>Whether flips serve the activations, or pay for their cost in truncation error: all together, and in every channel.</summary>
    internal bool IsServed => Unserved <= ServedFlips.MostUnserved * Flips && WorstRow.Chance >= ServedFlips.LeastChance / Rows.Count;

    /// <summary>Whether EFRAP rounding flips so much more error than k = 0 that the two can be told apart here.</summary>
    internal bool TellsGuidance => GuidedEfrap - GuidedLeast >= LeastGuidance;

    /// <summary>Whether flips are guided by truncation errors: nearer to EFRAP rounding in what they flip of it than to k = 0.</summary>
    internal bool IsGuided => !TellsGuidance || Guided >= (GuidedLeast + GuidedEfrap) / 2;

    /// <summary>An A as a share of nearest rounding's; 1 where that is zero.</summary>
    internal double RatioOf(double error) => Nearest > 0 ? error / Nearest : 1;

    /// <summary>Measures the integers of a weight.</summary>
    /// <param name="problem">The layer.</param>
    /// <param name="codes">The integers, each the floor or the ceiling of its weight, as the lattice has them.</param>
    /// <param name="budget">ρ.</param>
    /// <param name="options">Threads and cancellation.</param>
    internal static RoundingMeasurement Of(LayerProblem problem, sbyte[] codes, double budget, ParallelOptions options)
    {
        var lattice = problem.Lattice;
        var efrap = BudgetedRounding.Solve(problem, budget, options);
        var descent = new CoordinateDescent(problem, options);
        descent.Solve(0);
        var up = new bool[codes.Length];
        for (var i = 0; i < up.Length; i++)
            up[i] = codes[i] > lattice.Floor[i];
        var flips = FlipCosts.Of(problem, up, options);
        var channels = new ChannelErrors(flips.Errors, Errors(lattice.NearestUp), Errors(efrap.Up), Errors(descent.Up));
        var error = flips.Errors.Sum();
        var all = MovableError(lattice);
        return new RoundingMeasurement(
            efrap.NearestError,
            error,
            channels.Least.Sum(),
            efrap,
            budget,
            Share(lattice.FlippedError(up)),
            Share(lattice.FlippedError(descent.Up)),
            Share(lattice.FlippedError(efrap.Up)),
            [.. flips.Rows.Select((costs, row) => new ServedFlips(row, costs.Count, costs.Count(c => c > efrap.Penalty + Cancelled)))],
            channels,
            new RoundingCertificate(
                error,
                Math.Max(budget * efrap.NearestError, efrap.Error),
                Objective(error, up),
                Objective(efrap.Error, efrap.Up)));

        double Share(double flipped) => all > 0 ? flipped / all : 0;

        double Objective(double activations, bool[] rounding) => activations + (efrap.Penalty * problem.PenaltyUnit() * (all - lattice.FlippedError(rounding)));

        IReadOnlyList<double> Errors(bool[] rounding) => FlipCosts.Of(problem, rounding, options).Errors;
    }

    private double Towards(double reachable) => reachable + (Allowance * Math.Max(0, Nearest - reachable));

    private static double MovableError(WeightLattice lattice)
    {
        var all = 0.0;
        for (var i = 0; i < lattice.Floor.Length; i++)
            all += lattice.Movable[i] ? lattice.TruncationError[i] : 0;
        return all;
    }
}
