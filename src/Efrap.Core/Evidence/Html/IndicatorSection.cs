using System.Globalization;
using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence.Html;

/// <summary>One line for each indicator with its worst lattice, and behind it what each lattice gives.</summary>
internal static class IndicatorSection
{
    /// <summary>Writes it.</summary>
    internal static Markup Of(AuditReport report) => Markup.Of($"""
        <section aria-labelledby="indicators">
        <h2 id="indicators">Indicators</h2>
        <p class="legend"><span class="key"><svg width="16" height="16" aria-hidden="true"><path class="figure neutral" d="M8 1 15 8 8 15 1 8Z"/></svg> this model, on the lattice where it is worst</span>
        <span class="key"><svg width="16" height="16" aria-hidden="true"><circle class="placebo" cx="8" cy="8" r="4"/></svg> the same model rounded at random</span>
        <span class="key"><svg width="16" height="16" aria-hidden="true"><line class="threshold" x1="8" x2="8" y1="0" y2="16"/></svg> threshold: the shaded side is beyond it</span></p>
        <table class="indicators" role="table">
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Indicator</th><th role="columnheader" scope="col">Verdict</th><th role="columnheader" scope="col" class="number">Figure</th><th role="columnheader" scope="col" class="number">Threshold</th><th role="columnheader" scope="col" class="plot">Against placebos and threshold</th></tr></thead>
        {Markup.Lines(IndicatorGroup.Of(report).Select(g => Group(g, report)))}
        </table>
        </section>
        """);

    private static Markup Group(IndicatorGroup group, AuditReport report)
    {
        var (worst, guide) = (group.Worst, IndicatorGuide.Of(group.Name));
        return Markup.Of($"""
            <tbody role="rowgroup">
            <tr role="row"><th role="rowheader" scope="row">{guide.Title}<span class="name">{group.Name}{Markup.If(group.Results.Count > 1 && worst.Statistic is not null, () => Markup.Of($" on {worst.Lattice}"))}</span></th>
            <td role="cell">{(group.IsWaived ? VerdictClass.Waived : VerdictClass.Label(worst.Verdict))}</td>
            {Figures(worst)}</tr>
            <tr role="row" class="more"><td role="cell" colspan="5">{Details(group, guide, report)}</td></tr>
            </tbody>
            """);
    }

    private static Markup Figures(IndicatorResult worst) => worst.Statistic is null
        ? Markup.Of($"""<td role="cell" colspan="3" class="reason">{worst.Reason}</td>""")
        : Markup.Of($"""
            <td role="cell" class="number"><span class="caption">Figure </span><strong>{FigureText.Of(worst.Statistic)}</strong></td><td role="cell" class="number"><span class="caption">Threshold </span>{FigureText.Of(worst.Threshold)}</td>
            <td role="cell" class="plot">{FigureAxis.Draw(worst)}</td>
            """);

    private static Markup Details(IndicatorGroup group, IndicatorGuide guide, AuditReport report)
    {
        var finding = report.Findings.FirstOrDefault(f => f.Indicator == group.Name);
        return Markup.Of($"""
            <details><summary>{(group.Results.Count > 1 ? $"All {group.Results.Count} lattices and what it means" : "What it means")}</summary>
            <p>{guide.Figure}. <em>Beyond its threshold:</em> {guide.Meaning} <span class="code">{EfrapException.Format(guide.Code)}</span></p>
            {Markup.If(finding is not null, () => Markup.Of($"""<p class="finding">{finding!.Text}</p>"""))}
            <div class="wide" tabindex="0"><table><thead><tr><th scope="col">Lattice</th><th scope="col">Verdict</th><th scope="col" class="number">Figure</th><th scope="col" class="number">Threshold</th><th scope="col" class="number">Placebos</th><th scope="col" class="number">p</th><th scope="col" class="plot">Drawn</th><th scope="col">Found at</th></tr></thead><tbody>
            {Markup.Lines(group.Results.Select(Row))}
            </tbody></table></div></details>
            """);
    }

    private static Markup Row(IndicatorResult result) => Markup.Of($"""
        <tr><th scope="row">{result.Lattice}</th><td>{VerdictClass.Label(result.Verdict)}</td><td class="number">{FigureText.Of(result.Statistic)}{Interval(result)}</td><td class="number">{FigureText.Of(result.Threshold)}</td><td class="number">{Placebos(result)}</td><td class="number">{PValue(result)}</td><td class="plot">{FigureAxis.Draw(result)}</td><td class="where">{Where(result)}</td></tr>
        """);

    private static Markup Interval(IndicatorResult result) => result.Interval is { } interval
        ? Markup.Of($"""<span class="interval">{FigureText.Of(interval.Low)} to {FigureText.Of(interval.High)}</span>""")
        : Markup.None;

    private static string Placebos(IndicatorResult result) =>
        result.Placebos.Count == 0 ? "–" : $"{FigureText.Of(result.Placebos.Min())} to {FigureText.Of(result.Placebos.Max())}";

    private static string PValue(IndicatorResult result) =>
        result.PValue?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";

    private static string Where(IndicatorResult result) =>
        string.Join("; ", new[] { result.Where, result.Reason }.Where(t => t is not null));
}
