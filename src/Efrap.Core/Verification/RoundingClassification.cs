using System.Globalization;
using Efrap.Core.Quantization;

namespace Efrap.Core.Verification;

/// <summary>Says which rounding the integers of one weight come from. <c>docs/verify.md</c> gives the reasons.</summary>
internal static class RoundingClassification
{
    /// <summary>Classifies integers.</summary>
    /// <param name="lattice">The source's weights, and where they may go.</param>
    /// <param name="codes">The integers, as the lattice has them.</param>
    /// <param name="positions">How they lie to the weights.</param>
    /// <param name="test">Whether chance may have rounded them.</param>
    /// <param name="measurement">What calibration data shows; null without.</param>
    internal static RoundingFinding Of(
        WeightLattice lattice, sbyte[] codes, CodePositions positions, StochasticTest test, RoundingMeasurement? measurement)
    {
        if (FromWeights(lattice, codes, positions, test, measurement) is { } found)
            return found;
        if (measurement is null)
        {
            return new RoundingFinding(
                RoundingKind.Unknown,
                $"{Share(positions.Counts.NotNearest, codes.Length)} flipped; whether they serve a purpose cannot be told without calibration data");
        }

        return FromData(measurement) ?? Stochastic(test) ?? Unexplained(measurement);
    }

    // What weights alone decide, whatever data would say.
    private static RoundingFinding? FromWeights(
        WeightLattice lattice, sbyte[] codes, CodePositions positions, StochasticTest test, RoundingMeasurement? measurement)
    {
        if (positions.Counts.OffLattice is > 0 and var off)
        {
            return new RoundingFinding(RoundingKind.Unexplained, string.Create(
                CultureInfo.InvariantCulture,
                $"{off} of {codes.Length} integers off the lattice, by up to {positions.LargestDeviation:F2} steps from their weight"));
        }

        if (ScaleOrigin.Doubt(lattice) is { } doubt)
            return new RoundingFinding(RoundingKind.Unexplained, doubt);
        if (positions.Counts.NotNearest > 0)
            return measurement is null && test.IsTelling ? Stochastic(test) : null;
        return measurement is { Efrap.Flips: 0 }
            ? new RoundingFinding(RoundingKind.Efrap, "nearest, and EFRAP rounding flips nothing here, either")
            : new RoundingFinding(RoundingKind.Nearest, $"every integer the nearest{(positions.TieRule is { } rule ? $", ties {rule}" : string.Empty)}");
    }

    private static RoundingFinding? FromData(RoundingMeasurement measured)
    {
        if (measured is { IsWithinBudget: true, IsServed: true, IsGuided: true })
        {
            return new RoundingFinding(
                RoundingKind.Efrap,
                $"{Errors(measured)}; {(measured.TellsGuidance ? "flips guided by truncation errors" : "the least that rounding can reach, as EFRAP rounding here")}");
        }

        return measured is { PreservesActivations: true, IsServed: true, IsGuided: false }
            ? new RoundingFinding(RoundingKind.OtherKnown, $"as AdaRound or GPTQ: {Errors(measured)}; flips not guided by truncation errors")
            : null;
    }

    private static RoundingFinding? Stochastic(StochasticTest test) =>
        test.Holds
            ? new RoundingFinding(RoundingKind.OtherKnown, string.Create(
                CultureInfo.InvariantCulture, $"stochastic: as many up as the weights' fractions say (χ² {test.Statistic:F1} in {test.Bins} bins)"))
            : null;

    private static RoundingFinding Unexplained(RoundingMeasurement measured) => new(
        RoundingKind.Unexplained,
        $"{measured.Flips} flips that serve neither activations nor truncation errors: {Errors(measured)}"
        + $"{(measured.Channels.Beyond(measured.Budget) is { } channel ? $", most beyond its limit in channel {channel}" : string.Empty)}; "
        + $"{Share(measured.Unserved, measured.Flips)} of them cost more than they pay, {Share(measured.WorstRow.Unserved, measured.WorstRow.Flips)} "
        + $"of those of channel {measured.WorstRow.Row}");

    private static string Errors(RoundingMeasurement measured) => string.Create(
        CultureInfo.InvariantCulture,
        $"A {measured.RatioOf(measured.Error):F3} of nearest's (EFRAP {measured.RatioOf(measured.Efrap.Error):F3}, least {measured.RatioOf(measured.Least):F3})");

    private static string Share(long part, long all) =>
        string.Create(CultureInfo.InvariantCulture, $"{(all > 0 ? 100.0 * part / all : 0):F1} %");
}
