using System.Globalization;
using System.Net;
using System.Text;

namespace Efrap.AttackLab.Table;

/// <summary>The table as a picture: for each row, attack success and clean accuracy of every rounding as points on a line.</summary>
internal static class TablePlot
{
    private const int LabelWidth = 330;
    private const int PanelWidth = 360;
    private const int Gap = 40;
    private const int RowHeight = 22;
    private const int Top = 70;
    private const int Bottom = 40;

    // Points of equal value lie beside each other, not on top.
    private const double Offset = 2;

    private static readonly (string Name, string Colour, string Label)[] Series =
    [
        ("full precision", "#888888", "full precision"),
        (TableRow.Attacker, "#7b3294", "attacker's rounding"),
        (TableRow.Nearest, "#d7301f", "nearest"),
        ("random", "#fdae61", "random"),
        (TableRow.Paper, "#2b8cbe", "paper"),
        (TableRow.Ours, "#1a9850", "budget"),
    ];

    /// <summary>Turns a report into a picture.</summary>
    /// <param name="report">The report.</param>
    /// <returns>An SVG file.</returns>
    public static string Of(TableReport report)
    {
        var width = LabelWidth + (2 * PanelWidth) + (2 * Gap);
        var height = Top + (report.Rows.Count * RowHeight) + Bottom;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" """);
        svg.Append(CultureInfo.InvariantCulture, $"""viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">""").Append('\n');
        svg.Append("""<rect width="100%" height="100%" fill="white"/>""").Append('\n');
        Legend(svg);
        Panel(svg, report, LabelWidth, "attack success, %", (_, success) => success);
        Panel(svg, report, LabelWidth + PanelWidth + Gap, "clean accuracy, %", (accuracy, _) => accuracy);
        for (var i = 0; i < report.Rows.Count; i++)
            Text(svg, LabelWidth - 12, Middle(i) + 4, "end", $"{report.Rows[i].Model}, {report.Rows[i].Weights}");
        return svg.Append("</svg>\n").ToString();
    }

    private static void Legend(StringBuilder svg)
    {
        var x = LabelWidth;
        foreach (var (_, colour, label) in Series)
        {
            Circle(svg, x, 18, colour);
            Text(svg, x + 9, 22, "start", label);
            x += 24 + (7 * label.Length);
        }
    }

    private static void Panel(StringBuilder svg, TableReport report, int left, string title, Func<double, double, double> value)
    {
        var bottom = Top + (report.Rows.Count * RowHeight);
        Text(svg, left + (PanelWidth / 2), Top - 26, "middle", title);
        for (var percent = 0; percent <= 100; percent += 20)
        {
            var x = left + (PanelWidth * percent / 100);
            svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{x}" y1="{Top - 6}" x2="{x}" y2="{bottom}" stroke="#dddddd"/>""").Append('\n');
            Text(svg, x, Top - 10, "middle", percent.ToString(CultureInfo.InvariantCulture));
        }

        for (var i = 0; i < report.Rows.Count; i++)
        {
            var row = report.Rows[i];
            for (var j = 0; j < Series.Length; j++)
            {
                var (name, colour, _) = Series[j];
                var (accuracy, success) = name == Series[0].Name
                    ? (row.FullPrecision.CleanAccuracy, row.FullPrecision.AttackSuccess)
                    : row.Of(name) is { } result ? (result.CleanAccuracy, result.AttackSuccess) : (double.NaN, double.NaN);
                if (!double.IsNaN(accuracy))
                    Circle(svg, left + (PanelWidth * value(accuracy, success)), Middle(i) + ((j - ((Series.Length - 1) / 2.0)) * Offset), colour);
            }
        }
    }

    private static double Middle(int row) => Top + ((row + 0.5) * RowHeight);

    private static void Circle(StringBuilder svg, double x, double y, string colour) => svg
        .Append(CultureInfo.InvariantCulture, $"""<circle cx="{x:F1}" cy="{y:F1}" r="4" fill="{colour}" fill-opacity="0.85"/>""").Append('\n');

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) => svg
        .Append(CultureInfo.InvariantCulture, $"""<text x="{x:F1}" y="{y:F1}" text-anchor="{anchor}">{WebUtility.HtmlEncode(text)}</text>""").Append('\n');
}
