using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Data;
using Efrap.Core;
using Efrap.Core.Rounding;
using Efrap.Torch.Runtime;

namespace Efrap.AttackLab.Table;

/// <summary>Makes the table: trains, attacks, rounds, measures, and writes what there is after each model.</summary>
/// <param name="options">What to do.</param>
/// <param name="data">What on.</param>
/// <param name="models">The models.</param>
/// <param name="solvers">The roundings, a column each.</param>
/// <param name="command">The command, for the table's head.</param>
/// <param name="output">Told what happens, line by line.</param>
public sealed class TableRun(
    TableOptions options, TableData data, IReadOnlyList<TableModel> models, IReadOnlyList<Solver> solvers, string command, TextWriter output)
{
    private readonly Dictionary<Dataset, RoundingStore> _roundings = [];

    /// <summary>Makes the table.</summary>
    /// <param name="cancellationToken">Observed between batches; what is finished stays and is used again.</param>
    /// <returns>The table.</returns>
    /// <exception cref="EfrapException">Torch cannot be loaded, or the folder cannot be written.</exception>
    public TableReport Run(CancellationToken cancellationToken)
    {
        if (models.Any(m => m.File is null))
            TorchRuntime.Start(options.Seed, options.Threads);
        var store = new ModelStore(options, data, output);
        var rows = new List<TableRow>();
        foreach (var model in models)
        {
            var time = Stopwatch.StartNew();
            var stored = store.Get(model, cancellationToken);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.Name}: ready after {time.Elapsed.TotalSeconds:F0} s"));
            var roundings = RoundingsFor(model, cancellationToken);
            var fullPrecision = roundings.Measure(stored.Path, model.Trigger, cancellationToken);
            Tell(model, "full precision", fullPrecision.CleanAccuracy, fullPrecision.AttackSuccess, null);
            foreach (var format in options.InPaperSetting ? [WeightFormat.Paper] : model.Formats)
            {
                var results = new List<RoundingResult>();
                foreach (var (column, solver) in SolversFor(stored))
                {
                    var result = roundings.Get(stored.Path, model.Name, model.Trigger, format, solver, column, cancellationToken);
                    Tell(model, $"{format.Name}, {column}", result.CleanAccuracy, result.AttackSuccess, result.Seconds);
                    results.Add(result);
                }

                rows.Add(new TableRow(model.Name, model.AttackName, $"{model.Trigger}", format.Name, fullPrecision, results));
            }

            Write(Report(rows), cancellationToken);
        }

        return Report(rows);
    }

    private IEnumerable<(string Column, Solver Solver)> SolversFor(StoredModel stored)
    {
        if (stored.Codes is { } codes)
            yield return (TableRow.Attacker, new FixedRounding(codes.ToDictionary(c => c.Key, c => (IReadOnlyList<sbyte>)c.Value)));
        foreach (var solver in solvers)
            yield return (solver.Name, solver);
    }

    private RoundingStore RoundingsFor(TableModel model, CancellationToken cancellationToken)
    {
        var dataset = model.Trigger is Attacks.Triggers.TokenTrigger ? data.Sequences! : data.Images;
        if (_roundings.TryGetValue(dataset, out var store))
            return store;
        var calibration = dataset.Draw(SamplePurpose.Calibration, 0, options.CalibrationSamples, cancellationToken);
        var test = dataset.Draw(SamplePurpose.Test, 0, options.TestSamples, cancellationToken);
        var path = Path.Combine(options.Output, dataset == data.Images ? "calibration-images.npz" : "calibration-sequences.npz");
        NpzFile.Write(path, calibration, withLabels: false, cancellationToken);
        return _roundings[dataset] = new RoundingStore(options, path, test);
    }

    private TableReport Report(IReadOnlyList<TableRow> rows) => new(
        command, options.Data, options.CalibrationSamples, options.TestSamples, models.Count, [.. rows]);

    private void Write(TableReport report, CancellationToken cancellationToken)
    {
        KeptResults.WriteText(Path.Combine(options.Output, "table.json"), JsonSerializer.Serialize(report, KeptResults.Json) + "\n", cancellationToken);
        KeptResults.WriteText(Path.Combine(options.Output, "table.md"), TableMarkdown.Of(report), cancellationToken);
        KeptResults.WriteText(Path.Combine(options.Output, "table.svg"), TablePlot.Of(report), cancellationToken);
    }

    private void Tell(TableModel model, string what, double accuracy, double success, double? seconds) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Name}: {what}: clean accuracy {100 * accuracy:F1} %, attack success {100 * success:F1} %{(seconds is { } s ? $", {s:F1} s" : string.Empty)}"));
}
