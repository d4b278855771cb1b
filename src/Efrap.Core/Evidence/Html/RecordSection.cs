using System.Globalization;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Evidence.Html;

/// <summary>What stands behind the verdict: waivers, policy, files, limits, and how to read the page.</summary>
internal static class RecordSection
{
    /// <summary>Writes it.</summary>
    internal static Markup Of(AuditReport report) => Markup.Lines([Waivers(report), Files(report), Policy(report.Policy), Limits(report), Reading()]);

    private static Markup Waivers(AuditReport report)
    {
        var waivers = report.Findings.Where(f => f.Waiver is not null).Select(f => (f.Indicator, Waiver: f.Waiver!)).ToList();
        return Markup.If(waivers.Count > 0, () => Markup.Of($"""
            <section aria-labelledby="waivers">
            <h2 id="waivers">Waivers</h2>
            <p>A reviewer accepted these failures for this very file. Everything else about them stands.</p>
            <div class="wide" tabindex="0"><table><thead><tr><th scope="col">Indicator</th><th scope="col">State</th><th scope="col">Until</th><th scope="col">Reviewer</th><th scope="col">Reason</th></tr></thead><tbody>
            {Markup.Lines(waivers.Select(w => Markup.Of($"""<tr><th scope="row">{w.Indicator}</th><td>{(w.Waiver.IsExpired ? Expired : VerdictClass.Waived)}</td><td class="nowrap">{w.Waiver.Expires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}</td><td>{w.Waiver.Reviewer}</td><td>{w.Waiver.Reason}</td></tr>""")))}
            </tbody></table></div>
            </section>
            """));
    }

    private static Markup Expired { get; } = Markup.Of($"""<span class="label fail">expired</span>""");

    private static Markup Files(AuditReport report)
    {
        var files = new List<(string What, string Name, string? Sha256)> { ("Model", report.Model, report.ModelSha256) };
        files.AddRange(report.ExternalData.Select(f => ("External data", f.Name, (string?)f.Sha256)));
        if (report.Source is { } source)
            files.Add(("Full-precision original", source, report.SourceSha256));
        if (report.CalibrationSha256 is { } calibration)
            files.Add(("Calibration data", report.Calibration ?? string.Empty, calibration));
        if (report.Policy.File is { } policy)
            files.Add(("Policy", policy, report.Policy.FileSha256));
        return Markup.Of($"""
            <section aria-labelledby="files">
            <h2 id="files">What was audited</h2>
            <table class="files" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Role</th><th role="columnheader" scope="col">File</th><th role="columnheader" scope="col">SHA-256</th></tr></thead><tbody role="rowgroup">
            {Markup.Lines(files.Select(f => Markup.Of($"""<tr role="row"><th role="rowheader" scope="row">{f.What}</th><td role="cell"><bdi>{f.Name}</bdi></td><td role="cell" class="digest">{f.Sha256}</td></tr>""")))}
            </tbody></table>
            <p class="note">{Preprocessing(report)}Efrap {report.EngineVersion}, ONNX Runtime {report.Runtime.OnnxRuntime}, .NET {report.Runtime.DotNet}, {report.Runtime.Architecture}; seed {report.Seed}.</p>
            </section>
            """);
    }

    private static string Preprocessing(AuditReport report)
    {
        if (report.Preprocessing is not { } done)
            return string.Empty;
        var parts = new List<string>();
        if (done.Scale is { } scale)
            parts.Add($"times {Number(scale)}");
        if (done.Mean is { } mean)
            parts.Add($"minus {string.Join(", ", mean.Select(Number))}");
        if (done.Std is { } std)
            parts.Add($"over {string.Join(", ", std.Select(Number))}");
        return $"Calibration values {string.Join(", ", parts)}. ";
    }

    private static Markup Policy(PolicyRecord policy)
    {
        var effective = policy.Effective;
        return Markup.Of($"""
            <section aria-labelledby="policy">
            <h2 id="policy">Policy</h2>
            <p>{(policy.File is { } file ? $"The policy is that of {file}, with what settings override of it." : "There was no policy file: the defaults decided, with what settings override of them.")}
            Profile {Name(effective.Profile)}; without calibration data an audit comes to: {Name(effective.WithoutCalibration)}.</p>
            {Rules(effective)}
            <p class="note">The effective policy's SHA-256: <span class="digest">{policy.Sha256}</span></p>
            </section>
            """);
    }

    private static Markup Rules(AuditPolicy policy) => Markup.If(policy.Indicators.Count > 0, () => Markup.Of($"""
        <div class="wide" tabindex="0"><table><thead><tr><th scope="col">Indicator</th><th scope="col" class="number">Threshold</th><th scope="col">Beyond it</th><th scope="col">Required</th></tr></thead><tbody>
        {Markup.Lines(policy.Indicators.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => Markup.Of($"""<tr><th scope="row">{i.Key}</th><td class="number">{(i.Value.Threshold is { } threshold ? Number(threshold) : "its own")}</td><td>{(i.Value.Severity is { } severity ? Name(severity) : "as usual")}</td><td>{(i.Value.Required ? "yes" : "no")}</td></tr>""")))}
        </tbody></table></div>
        """));

    private static Markup Limits(AuditReport report) => Markup.Of($"""
        <section aria-labelledby="limits">
        <h2 id="limits">What was not checked</h2>
        <ul>
        {Markup.Lines(report.Limits.Select(l => Markup.Of($"<li>{l}</li>")))}
        {Markup.Lines(NotMeasured(report).Select(l => Markup.Of($"<li>{l}</li>")))}
        </ul>
        </section>
        """);

    private static IEnumerable<string> NotMeasured(AuditReport report) => report.Indicators
        .Where(i => i.Verdict == Verdict.NotMeasured)
        .GroupBy(i => (i.Name, i.Reason))
        .Select(g => $"{g.Key.Name} was not measured on {string.Join(", ", g.Select(i => i.Lattice))}: {g.Key.Reason}.");

    private static Markup Reading() => Markup.Of($"""
        <section aria-labelledby="reading">
        <h2 id="reading">How to read this page</h2>
        <p>A quantization-conditioned backdoor does nothing in the file that people test. It wakes up when a quantizer rounds the weights to the nearest
        integers. Nobody knows which quantizer an attacker had in mind, so the weights are rounded on each common lattice, and every indicator is measured
        on each.</p>
        <p>Rounding changes any model. Each figure is therefore compared with <em>placebos</em>: the same model on the same lattice, rounded up or down at random.
        Nobody can have trained for that. An ordinary model lies among its placebos; a figure far beyond them needs another explanation than chance. On every axis
        the threshold is in the middle: left of it figures are drawn to scale, right of it ever denser. p is the share of placebos that reach the figure, the model
        itself counted among them.</p>
        <p>Some indicators decide alone; the others fail only in company, since a coarse lattice can have the same consequences without any attack. A model that
        passes has shown no sign of this kind of backdoor, and no more than that.</p>
        </section>
        """);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Name(Consequence? value) => value is { } consequence ? Name<Consequence>(consequence) : "–";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
