using System.Globalization;

namespace Efrap.Core.Verification;

/// <summary>
/// What an attestation adds to what the integers of a weight show. It never makes better what they show: whoever can write a model can
/// write an attestation beside it. It tells where nothing else does and, naming the data, holds the rounding to what that allows.
/// </summary>
internal static class AttestedClassification
{
    /// <summary>Classifies integers that an attestation speaks of.</summary>
    /// <param name="found">What they show without it.</param>
    /// <param name="attestation">The attestation, whose digests fit.</param>
    /// <param name="certificate">How they do on the attested data; null without it, or where they lie off the lattice.</param>
    /// <param name="different">How many of them hardening again gives otherwise; null where that was not tried.</param>
    /// <param name="all">How many there are.</param>
    internal static RoundingFinding Of(
        RoundingFinding found, Attestation attestation, RoundingCertificate? certificate, long? different, long all)
    {
        if (different == 0)
            return new RoundingFinding(attestation.Rounding, $"replayed: {Solver(attestation)} gives the same integers and scales");
        if (different is null && found.Kind == RoundingKind.Unknown)
            return new RoundingFinding(attestation.Rounding, $"attested: {Solver(attestation)}; {found.Evidence}");
        // Only this solver is held to a budget and ends at a minimum that others reach, too.
        if (attestation.Predicate.Settings.Solver != Core.Rounding.Solver.Budget.Name)
            return different is null ? found : found with { Evidence = $"{found.Evidence}; {Replayed(different.Value, all)}" };
        if (certificate is null)
            return found;
        var prefix = different is { } some ? Replayed(some, all) + ";" : "on the attested data";
        if (!certificate.Holds)
            return found.Kind == RoundingKind.Efrap ? new RoundingFinding(RoundingKind.Unexplained, $"{prefix} {Describe(certificate)}") : found;
        return different is null || found.Kind == RoundingKind.Unexplained ? found : new RoundingFinding(
            attestation.Rounding, $"{prefix} lattice, budget and objective are those of the attested solution: {Describe(certificate)}");
    }

    private static string Replayed(long different, long all) => string.Create(CultureInfo.InvariantCulture, $"replayed: {different} of {all} integers differ");

    private static string Describe(RoundingCertificate certificate) => string.Create(
        CultureInfo.InvariantCulture,
        $"A is {Ratio(certificate.Error, certificate.Allowed):F4} of what is allowed, the objective {Ratio(certificate.Objective, certificate.SolvedObjective):F4} "
        + $"of what solving gives (up to {1 + RoundingCertificate.Tolerance} passes)");

    private static double Ratio(double value, double of) => of > 0 ? value / of : 1;

    private static string Solver(Attestation attestation) => string.Create(
        CultureInfo.InvariantCulture, $"solver {attestation.Predicate.Settings.Solver}, budget {attestation.Predicate.Settings.Budget}");
}
