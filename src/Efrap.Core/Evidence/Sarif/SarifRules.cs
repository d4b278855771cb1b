using System.Globalization;
using System.Text.Json.Serialization;
using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence.Sarif;

/// <summary>What a finding is filed under.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">What it is about, in a few words.</param>
/// <param name="Index">Its place among the rules.</param>
/// <param name="Descriptor">What the log says of it.</param>
internal sealed record SarifRule(EfrapCode Code, string Title, int Index, SarifRuleDescriptor Descriptor);

/// <summary>The rules of an audit.</summary>
internal static class SarifRules
{
    // What was not measured is no indicator's failure.
    private static readonly IndicatorGuide _notMeasured = new(
        "not-measured",
        EfrapCode.NotMeasured,
        "Not measured",
        "Something that the policy asks for could not be measured: for want of calibration data, of time, or of what the indicator needs",
        "What was not measured is not known to be clean.");

    /// <summary>All indicators that there are, measured or not, so that a rule keeps its place; then what was not measured.</summary>
    internal static IReadOnlyList<SarifRule> All { get; } =
        [.. IndicatorGuide.All.Append(_notMeasured).Select((guide, index) => new SarifRule(guide.Code, guide.Title, index, Describe(guide)))];

    /// <summary>The rule of a finding: a waived failure stays what it is.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="figures">What its indicator measured.</param>
    internal static SarifRule Of(Finding finding, IReadOnlyList<IndicatorResult> figures)
    {
        var code = finding.Code != EfrapCode.Waived ? finding.Code
            : figures.Any(f => f.Verdict == Verdict.Fail) ? IndicatorGuide.Of(finding.Indicator!).Code
            : EfrapCode.NotMeasured;
        return All.First(r => r.Code == code);
    }

    private static SarifRuleDescriptor Describe(IndicatorGuide guide)
    {
        var id = EfrapException.Format(guide.Code);
        var description = guide == _notMeasured ? $"{guide.Figure}. {guide.Meaning}" : $"{guide.Figure}. Beyond its threshold: {guide.Meaning}";
        return new SarifRuleDescriptor(
            id,
            Pascal(guide.Name),
            new SarifMessage(guide.Title + "."),
            new SarifMessage(description),
            new SarifMessage($"{description} More in the documentation that comes with the package: docs/{id}.md and docs/indicators.md."),
            new SarifConfiguration(guide.DecidesAlone ? "error" : "warning"),
            new SarifRuleProperties(["security", "machine-learning", "supply-chain"], guide.DecidesAlone ? "high" : "medium", guide.DecidesAlone ? "8.5" : "5.5"));
    }

    private static string Pascal(string name) => string.Concat(name.Split('-').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase));
}

internal sealed record SarifRuleDescriptor(
    string Id,
    string Name,
    SarifMessage ShortDescription,
    SarifMessage FullDescription,
    SarifMessage Help,
    SarifConfiguration DefaultConfiguration,
    SarifRuleProperties Properties);

internal sealed record SarifConfiguration(string Level);

/// <summary>What GitHub sorts alerts by.</summary>
/// <param name="Tags">Among them <c>security</c>.</param>
/// <param name="Precision">How often an alert is right.</param>
/// <param name="Severity">A score from 0 to 10.</param>
internal sealed record SarifRuleProperties(
    IReadOnlyList<string> Tags, string Precision, [property: JsonPropertyName("security-severity")] string Severity);
