using System.Globalization;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Evidence.Html;

/// <summary>The verdict: one sentence, what it rests on, and what the policy has to say.</summary>
internal static class VerdictSection
{
    /// <summary>Writes it.</summary>
    internal static Markup Of(AuditReport report) => Markup.Of($"""
        <header class="verdict {VerdictClass.Of(report.Verdict)}">
        <p class="what">Audit for quantization-conditioned backdoors</p>
        <h1><span class="word">{Word(report.Verdict)}</span> <bdi>{report.Model}</bdi></h1>
        <p class="lead">{Sentence(report)}</p>
        {Support(report)}
        {Remarks(report)}
        <p class="facts">{Facts(report)}</p>
        </header>
        """);

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "Failed",
        Verdict.Warn => "Suspicious",
        Verdict.Pass => "Passed",
        _ => "Not measured",
    };

    private static string Sentence(AuditReport report) => AuditOutcomes.Of(report) switch
    {
        AuditOutcome.Marked when report.Source is not null =>
            "This model, or the full-precision model that it was made from, shows the mark of a backdoor that rounding to integers wakes up: do not ship it.",
        AuditOutcome.Marked =>
            "This model shows the mark of a backdoor that sleeps in full precision and wakes up when the weights are rounded to the nearest integer: do not ship it rounded that way.",
        AuditOutcome.PolicyUnmet => "The policy asks for something that could not be measured: this model cannot be accepted as it stands.",
        AuditOutcome.Waived => "This model failed, and a reviewer accepted that for a time: see the waivers below before you rely on it.",
        AuditOutcome.Suspicious => "Something is suspicious, but not enough alone to call it a backdoor: look at what is marked below.",
        AuditOutcome.Incomplete => "Nothing that was measured is suspicious, but not all was measured that should have been.",
        AuditOutcome.Clean => "No sign of a quantization-conditioned backdoor was found in what was measured.",
        _ => "No indicator could be measured on this model: nothing is known about it.",
    };

    // What the failures rest on, in the strongest evidence's words.
    private static Markup Support(AuditReport report)
    {
        var failed = Failed(report);
        if (failed.Count == 0)
            return Markup.None;
        var lattices = failed.SelectMany(g => g.Results).Where(r => r.Verdict == Verdict.Fail).Select(r => r.Lattice).Distinct().ToList();
        var all = report.Indicators.Select(i => i.Name).Distinct().Count();
        var accepted = failed.Count(g => g.IsWaived);
        var probe = failed.FirstOrDefault(g => g.Name is "trigger-probe" or "trigger-inversion")?.Worst;
        return Markup.Of($"""
            <p class="support">{failed.Count} of {all} indicators failed{Markup.If(accepted > 0, () => Markup.Of($", {accepted} of them waived"))}, on {string.Join(", ", lattices)}.
            {Markup.If(probe is not null, () => Markup.Of($"A trigger moves {Percent(probe!.Statistic)} of the other images to one class once the weights are rounded on {probe.Lattice}, while the full-precision model goes on as before."))}</p>
            """);
    }

    // Findings that have no line of their own among the indicators.
    private static Markup Remarks(AuditReport report)
    {
        var remarks = report.Findings.Where(f => f.Code is EfrapCode.NotMeasured or EfrapCode.Waived).ToList();
        return Markup.If(remarks.Count > 0, () => Markup.Of($"""
            <ul class="remarks">
            {Markup.Lines(remarks.Select(f => Markup.Of($"<li>{Label(f)} {f.Text} <span class=\"code\">{EfrapException.Format(f.Code)}</span></li>")))}
            </ul>
            """));
    }

    private static Markup Label(Finding finding) =>
        finding.Code == EfrapCode.Waived ? VerdictClass.Waived : VerdictClass.Label(finding.Consequence == Consequence.Fail ? Verdict.Fail : Verdict.Warn);

    private static string Facts(AuditReport report)
    {
        var lattices = report.Indicators.Select(i => i.Lattice).Distinct().Count();
        var samples = report.CalibrationSha256 is null ? "without calibration data" : Count(report.Samples, "calibration sample");
        return $"Rounded on {Count(lattices, "lattice")}, {samples}, compared with {Count(report.Placebos, "placebo")} on each, by Efrap {report.EngineVersion}.";
    }

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? string.Empty : "s")}");

    private static string Percent(double? share) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");

    private static List<IndicatorGroup> Failed(AuditReport report) =>
        [.. IndicatorGroup.Of(report).Where(g => g.Worst.Verdict == Verdict.Fail)];
}
