using System.Globalization;
using System.Text;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Evidence.Sarif;

/// <summary>What follows from an audit as results: one for each finding, whatever the number of lattices.</summary>
internal static class SarifResults
{
    /// <summary>The results of a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="uri">The model.</param>
    internal static IEnumerable<SarifResult> Of(AuditReport report, string uri)
    {
        foreach (var finding in report.Findings)
        {
            var figures = report.Indicators.Where(i => i.Name == finding.Indicator).ToList();
            var rule = SarifRules.Of(finding, figures);
            yield return new SarifResult(
                rule.Descriptor.Id,
                rule.Index,
                finding.Consequence == Consequence.Fail ? "error" : "warning",
                SarifMessage.Of($"{rule.Title}: {finding.Text}"),
                [new SarifLocation(new SarifPhysicalLocation(new SarifArtifactLocation(uri, 0), new SarifRegion(1)))],
                new SarifFingerprints($"{Fingerprint(uri, rule, finding)}:1"),
                finding.Waiver is { IsExpired: false } waiver ? [Suppression(waiver)] : null,
                new SarifResultProperties([.. figures.Select(r => new SarifFigure(r.Lattice, r.Verdict, r.Statistic, r.Threshold, r.PValue))]));
        }
    }

    private static SarifSuppression Suppression(AppliedWaiver waiver) => new(
        "external",
        "accepted",
        string.Create(CultureInfo.InvariantCulture, $"{waiver.Reason} (reviewed by {waiver.Reviewer}, until {waiver.Expires:yyyy-MM-dd})"));

    // Of what stays the same from one version of a model to the next: figures and digests do not.
    private static string Fingerprint(string uri, SarifRule rule, Finding finding) =>
        Digest.Of(Encoding.UTF8.GetBytes($"efrap audit\n{uri}\n{rule.Descriptor.Id}\n{finding.Indicator}"))[..32];
}

internal sealed record SarifResult(
    string RuleId,
    int RuleIndex,
    string Level,
    SarifMessage Message,
    IReadOnlyList<SarifLocation> Locations,
    SarifFingerprints PartialFingerprints,
    IReadOnlyList<SarifSuppression>? Suppressions,
    SarifResultProperties Properties);

internal sealed record SarifLocation(SarifPhysicalLocation PhysicalLocation);

internal sealed record SarifPhysicalLocation(SarifArtifactLocation ArtifactLocation, SarifRegion Region);

/// <summary>A place in a file. A model has no lines, and GitHub asks for one.</summary>
/// <param name="StartLine">The line, from 1.</param>
internal sealed record SarifRegion(int StartLine);

/// <summary>What a service tells results apart by; GitHub goes by this name alone.</summary>
/// <param name="PrimaryLocationLineHash">The fingerprint.</param>
internal sealed record SarifFingerprints(string PrimaryLocationLineHash);

internal sealed record SarifSuppression(string Kind, string Status, string Justification);

/// <summary>The figures behind a message.</summary>
/// <param name="Lattices">One for each lattice.</param>
internal sealed record SarifResultProperties(IReadOnlyList<SarifFigure> Lattices);

internal sealed record SarifFigure(string Lattice, Verdict Verdict, double? Statistic, double? Threshold, double? PValue);
