using System.Globalization;
using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Terminal;

/// <summary>What a finished run has to say, in words and cells; the views decide how it looks.</summary>
internal sealed class HardenSummary
{
    /// <summary>Stands before a ratio above the budget: a character, so that it is seen without colours as well.</summary>
    public const string MissedMark = "! ";

    private readonly HardenReport _report;
    private readonly HardenOptions _options;
    private readonly TimeSpan _elapsed;

    /// <summary>Puts the words together.</summary>
    /// <param name="report">The engine's report.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="layerTimes">The time each layer took, in order of execution.</param>
    /// <param name="elapsed">The time of the whole run.</param>
    public HardenSummary(
        HardenReport report, HardenOptions options, IReadOnlyList<(string Layer, TimeSpan Time)> layerTimes, TimeSpan elapsed)
    {
        _report = report;
        _options = options;
        _elapsed = elapsed;
        Layers = [.. report.Layers.Select((layer, i) => Cells(layer, i < layerTimes.Count && layerTimes[i].Layer == layer.Name
            ? layerTimes[i].Time
            : null))];
    }

    /// <summary>The headings of the columns of <see cref="Layers"/>; all but the first two hold numbers.</summary>
    public static IReadOnlyList<string> LayerHeadings { get; } = ["Layer", "Operator", "K", "Flips %", "A ratio", "Seconds"];

    /// <summary>The headings of the columns of <see cref="Skipped"/>.</summary>
    public static IReadOnlyList<string> SkippedHeadings { get; } = ["Left in float", "Operator", "Reason"];

    /// <summary>A row for each quantized layer.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Layers { get; }

    /// <summary>A row for each node that stayed float.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Skipped =>
        [.. _report.Skipped.Select(s => new[] { Printable.Text(s.Name), Printable.Text(s.Operator), Printable.Text(s.Reason) })];

    /// <summary>The report's notes.</summary>
    public IReadOnlyList<string> Notes => [.. _report.Notes.Select(note => "note: " + Printable.Text(note))];

    /// <summary>Warnings, as lines in canonical format.</summary>
    public IReadOnlyList<string> Warnings => BudgetWarning.Of(_report) is { } missed
        ? [CanonicalLine.Format("warning", EfrapCode.BudgetMissed, missed, _options.ModelPath)]
        : [];

    /// <summary>The run in one line.</summary>
    public string Line
    {
        get
        {
            var weights = _report.Layers.Sum(l => (double)l.Rows * l.Columns);
            var flips = weights > 0 ? _report.Layers.Sum(l => l.Flips * l.Rows * l.Columns) / weights : 0;
            var report = _options.ReportPath is { } path ? $", report {Printable.Text(path)}" : string.Empty;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Wrote {Printable.Text(_options.OutputPath)}: {Count(_report.Layers.Count, "layer")} in {_report.Precision}, "
                + $"{_report.Skipped.Count} left in float, {flips * 100:F1} % of weights flipped, "
                + $"{Count(_report.Samples, "sample")}, {Durations.Total(_elapsed)}{report}");
        }
    }

    private string[] Cells(LayerReport layer, TimeSpan? time) =>
    [
        Printable.Text(layer.Name),
        Printable.Text(layer.Operator),
        layer.Columns.ToString(CultureInfo.InvariantCulture),
        Fixed(layer.Flips * 100, "F1"),
        (BudgetWarning.IsMissed(_report, layer) ? MissedMark : string.Empty) + Fixed(layer.Ratio, "F3"),
        time is { } known ? Durations.Seconds(known) : "-",
    ];

    private static string Fixed(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "n/a";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
