using System.Text.Json.Serialization;
using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence.Sarif;

/// <summary>A SARIF 2.1.0 log of one audit, with what GitHub's code scanning asks for.</summary>
/// <param name="Runs">The run.</param>
internal sealed record SarifLog(IReadOnlyList<SarifRun> Runs)
{
    /// <summary>Where the format's schema lies.</summary>
    [JsonPropertyName("$schema"), JsonPropertyOrder(-2)]
    public string Schema { get; } = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /// <summary>The version of the format.</summary>
    [JsonPropertyOrder(-1)]
    public string Version { get; } = "2.1.0";

    /// <summary>Tells an audit: every indicator is a rule, each that warned or failed a result.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="uri">The model, as <see cref="ModelUri"/> gives it.</param>
    internal static SarifLog Of(AuditReport report, string uri) => new(
    [
        new SarifRun(
            new SarifTool(new SarifDriver("efrap", report.EngineVersion, [.. SarifRules.All.Select(r => r.Descriptor)])),
            // A service keeps one analysis for each id: those of several models stand beside each other.
            new SarifAutomationDetails($"efrap/audit/{uri}/"),
            [new SarifInvocation(true, [.. Notifications(report)])],
            [new SarifArtifact(new SarifArtifactLocation(uri), new Dictionary<string, string> { ["sha-256"] = report.ModelSha256 }, ["analysisTarget"])],
            [.. SarifResults.Of(report, uri)]),
    ]);

    // What was not measured is no result of its own, and is not to be taken for a clean one either.
    private static IEnumerable<SarifNotification> Notifications(AuditReport report) =>
        from indicator in report.Indicators
        where indicator.Verdict == Verdict.NotMeasured
        let rule = SarifRules.All.First(r => r.Code == IndicatorGuide.Of(indicator.Name).Code)
        select new SarifNotification(
            "note",
            SarifMessage.Of($"{indicator.Name} was not measured on {indicator.Lattice}: {indicator.Reason}."),
            new SarifRuleReference(rule.Descriptor.Id, rule.Index));
}

internal sealed record SarifRun(
    SarifTool Tool,
    SarifAutomationDetails AutomationDetails,
    IReadOnlyList<SarifInvocation> Invocations,
    IReadOnlyList<SarifArtifact> Artifacts,
    IReadOnlyList<SarifResult> Results);

internal sealed record SarifTool(SarifDriver Driver);

internal sealed record SarifDriver(string Name, string SemanticVersion, IReadOnlyList<SarifRuleDescriptor> Rules);

internal sealed record SarifAutomationDetails(string Id);

internal sealed record SarifInvocation(bool ExecutionSuccessful, IReadOnlyList<SarifNotification> ToolExecutionNotifications);

internal sealed record SarifNotification(string Level, SarifMessage Message, SarifRuleReference AssociatedRule);

internal sealed record SarifRuleReference(string Id, int Index);

internal sealed record SarifArtifact(SarifArtifactLocation Location, IReadOnlyDictionary<string, string> Hashes, IReadOnlyList<string> Roles);

internal sealed record SarifArtifactLocation(string Uri, int? Index = null);

/// <summary>A message, as plain text.</summary>
/// <param name="Text">The text.</param>
internal sealed record SarifMessage(string Text)
{
    /// <summary>A message of a text in which names out of the model may stand.</summary>
    internal static SarifMessage Of(string text) => new(text.Replace("](", "] (", StringComparison.Ordinal));
}
