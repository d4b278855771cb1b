using System.Globalization;
using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence.Html;

/// <summary>The layers as a chart: how many of each layer's weights lie where rounding tips over, on each lattice.</summary>
internal static class LayerSection
{
    // What can be taken in; all of them are in the JSON report.
    private const int MostLayers = 30;

    private const double OrdinaryShare = 0.02;
    private const double SmallestRange = 0.12;

    /// <summary>Writes it; nothing where no layer was looked at.</summary>
    internal static Markup Of(AuditReport report)
    {
        if (report.Layers.All(l => l.Lattices.All(f => f.ResidualShare is null)))
            return Markup.None;
        var lattices = report.Layers.SelectMany(l => l.Lattices).Select(l => l.Lattice).Distinct().ToList();
        var range = Math.Max(SmallestRange, Shares(report.Layers).Max());
        var shown = report.Layers.OrderByDescending(Worst).Take(MostLayers).ToHashSet();
        var left = report.Layers.Count - shown.Count;
        return Markup.Of($"""
            <section aria-labelledby="layers">
            <h2 id="layers">Layers</h2>
            <p>The share of each layer's weights that lie within a hundredth of a step of the point where rounding tips over. In an ordinary layer it is
            about 2 %, the dashed line.{Markup.If(left > 0, () => Markup.Of($" These are the {shown.Count} layers with the largest shares; {left} more are in the JSON report."))}</p>
            <p class="legend">{Markup.Lines(lattices.Select((l, i) => Markup.Of($"""<span class="key"><svg width="16" height="16" aria-hidden="true">{Mark(i, "50%", 8)}</svg> {l}</span>""")))}</p>
            <table class="layers" role="table">
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Layer</th><th role="columnheader" scope="col" class="plot">Weights where rounding tips over<span class="scale"><span>0</span><span>{Percent(range)}</span></span></th><th role="columnheader" scope="col" class="number">Share</th><th role="columnheader" scope="col" class="number">Norm ratio</th><th role="columnheader" scope="col" class="number">Drift</th></tr></thead>
            <tbody role="rowgroup">
            {Markup.Lines(report.Layers.Where(shown.Contains).Select(l => Row(l, lattices, range)))}
            </tbody></table>
            <p class="note">Share, norm ratio and drift are those of the worst lattice. The norm ratio is the size of the rounding errors over that of weights
            that lie anywhere: 1 is ordinary. The drift is how far rounding moves a channel's mean, in standard deviations.</p>
            </section>
            """);
    }

    private static Markup Row(AuditedLayer layer, List<string> lattices, double range) => Markup.Of($"""
        <tr role="row"><th role="rowheader" scope="row"><bdi>{layer.Name}</bdi><span class="name">{layer.Operator} {string.Join('×', layer.Shape)}</span></th>
        <td role="cell" class="plot">{Strip(layer, lattices, range)}</td>
        <td role="cell" class="number"><span class="caption">Share </span><strong>{Percent(Worst(layer))}</strong></td><td role="cell" class="number"><span class="caption">Norm ratio </span>{FigureText.Of(Max(layer, f => f.NormRatio))}</td><td role="cell" class="number"><span class="caption">Drift </span>{FigureText.Of(Max(layer, f => f.ActivationDrift))}</td></tr>
        """);

    private static Markup Strip(AuditedLayer layer, List<string> lattices, double range)
    {
        var figures = layer.Lattices.Where(f => f.ResidualShare is not null).ToList();
        var title = $"{layer.Name}: {string.Join(", ", figures.Select(f => $"{f.Lattice} {Percent(f.ResidualShare!.Value)}"))}";
        return Markup.Of($"""
            <svg class="strip" width="100%" height="22" role="img"><title>{title}</title>
            <line class="base" x1="0" x2="100%" y1="11" y2="11"/><line class="ordinary" x1="{At(OrdinaryShare, range)}%" x2="{At(OrdinaryShare, range)}%" y1="0" y2="22"/>
            {Markup.Lines(figures.Select(f => Mark(lattices.IndexOf(f.Lattice), Markup.Of($"{At(f.ResidualShare!.Value, range)}%").Source, 11)))}
            </svg>
            """);
    }

    // Told apart by their form as well as by their colour.
    private static Markup Mark(int lattice, string x, int y) => (lattice % 5) switch
    {
        0 => Markup.Of($"""<circle class="lattice0" cx="{x}" cy="{y}" r="5.5"/>"""),
        1 => Markup.Of($"""<circle class="lattice1" cx="{x}" cy="{y}" r="4.5"/>"""),
        2 => Markup.Of($"""<svg class="mark" x="{x}" y="{y}"><path class="lattice2" d="M-5-5H5V5H-5Z"/></svg>"""),
        3 => Markup.Of($"""<svg class="mark" x="{x}" y="{y}"><path class="lattice3" d="M-4-4H4V4H-4Z"/></svg>"""),
        _ => Markup.Of($"""<svg class="mark" x="{x}" y="{y}"><path class="lattice4" d="M0-6 6 5H-6Z"/></svg>"""),
    };

    private static double At(double share, double range) => 2 + (96 * share / range);

    private static double Worst(AuditedLayer layer) => Shares([layer]).DefaultIfEmpty(0).Max();

    private static IEnumerable<double> Shares(IEnumerable<AuditedLayer> layers) =>
        layers.SelectMany(l => l.Lattices).Select(f => f.ResidualShare).OfType<double>();

    private static double? Max(AuditedLayer layer, Func<AuditedLayerOnLattice, double?> figure) => layer.Lattices.Select(figure).Max();

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
