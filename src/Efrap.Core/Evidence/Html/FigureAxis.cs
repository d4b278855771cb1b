using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence.Html;

/// <summary>A figure among its placebos on an axis whose middle is the threshold: left of it linearly from 0, right of it ever denser,
/// so that all axes of a page can be read alike.</summary>
internal static class FigureAxis
{
    /// <summary>Draws a result; nothing where there is no figure or no threshold.</summary>
    /// <param name="result">The result.</param>
    internal static Markup Draw(IndicatorResult result)
    {
        if (result is not { Statistic: { } figure, Threshold: > 0 and { } threshold })
            return Markup.None;
        var placebos = result.Placebos.Count == 0
            ? "no placebos"
            : $"{result.Placebos.Count} placebos from {FigureText.Of(result.Placebos.Min())} to {FigureText.Of(result.Placebos.Max())}";
        var title = $"{result.Name} on {result.Lattice}: {FigureText.Of(figure)}, threshold {FigureText.Of(threshold)}, {placebos}";
        return Markup.Of($"""
            <svg class="axis" width="100%" height="28" role="img"><title>{title}</title>
            <rect class="beyond" x="50%" y="4" width="50%" height="20"/><line class="base" x1="0" x2="100%" y1="14" y2="14"/><line class="threshold" x1="50%" x2="50%" y1="2" y2="26"/>
            {Markup.Lines(result.Placebos.Where(double.IsFinite).Select(p => Markup.Of($"""<circle class="placebo" cx="{At(p, threshold)}%" cy="14" r="3.5"/>""")))}
            {Markup.If(!double.IsNaN(figure), () => Markup.Of($"""<svg class="mark" x="{At(figure, threshold)}%" y="14"><path class="figure {VerdictClass.Of(result.Verdict)}" d="M0-8 8 0 0 8-8 0Z"/></svg>"""))}
            </svg>
            """);
    }

    /// <summary>Where a figure lies, in percent of the width; room for the marks is left on both sides.</summary>
    internal static double At(double figure, double threshold)
    {
        var ratio = Math.Max(0, figure / threshold);
        return ratio <= 1 ? 2 + (48 * ratio) : 50 + (48 * (1 - (1 / ratio)));
    }
}
