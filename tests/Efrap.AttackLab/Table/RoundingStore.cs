using System.Diagnostics;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Measure;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Rounding;

namespace Efrap.AttackLab.Table;

/// <summary>The roundings of a run: made and measured when first asked for, read from <c>results</c> when they are there.</summary>
/// <param name="options">The run's options.</param>
/// <param name="calibration">The calibration file.</param>
/// <param name="test">The test samples.</param>
internal sealed class RoundingStore(TableOptions options, string calibration, LabeledSamples test)
{
    private readonly string _calibrationSha256 = Digest.OfFile(calibration);

    /// <summary>Measures a model as it is.</summary>
    /// <param name="path">The model.</param>
    /// <param name="trigger">The trigger.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>Accuracy and success.</returns>
    public AttackMeasurement Measure(string path, Trigger trigger, CancellationToken cancellationToken)
    {
        using var classifier = new OnnxClassifier(File.ReadAllBytes(path), path, test.Format, options.Threads);
        return AttackMeasurement.Of(classifier, test, trigger, cancellationToken);
    }

    /// <summary>Rounds a model and measures it.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="trigger">The trigger.</param>
    /// <param name="format">What weights are stored as.</param>
    /// <param name="solver">How they are rounded.</param>
    /// <param name="column">The name of the rounding in the table.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>What came out.</returns>
    public RoundingResult Get(
        string model, string name, Trigger trigger, WeightFormat format, Solver solver, string column, CancellationToken cancellationToken)
    {
        var stem = $"{name}.{format.Name.Replace(' ', '-')}.{column}";
        var record = Path.Combine(options.Output, "results", $"{stem}.json");
        var settings = new RoundingSettings(
            EngineVersion.Text,
            Digest.OfFile(model),
            _calibrationSha256,
            options.Data,
            options.Seed,
            test.Count,
            $"{trigger}",
            format.Name,
            solver.Name,
            solver.Settings)
        {
            Budget = solver == Solver.Budget ? options.Budget : null,
        };
        if (KeptResults.Find<RoundingResult>(record, settings) is { } kept)
            return kept;

        var hardened = Path.Combine(options.Output, "results", $"{stem}.onnx");
        var time = Stopwatch.StartNew();
        var report = Harden.Run(Options(model, hardened, format, solver), null, cancellationToken);
        var seconds = time.Elapsed.TotalSeconds;
        var measured = Measure(hardened, trigger, cancellationToken);
        var result = new RoundingResult(column, measured.CleanAccuracy, measured.AttackSuccess, Flips(report), Math.Round(seconds, 2));
        KeptResults.Keep(record, settings, result, cancellationToken);
        return result;
    }

    private HardenOptions Options(string model, string hardened, WeightFormat format, Solver solver) =>
        new(model, hardened, CalibrationOptions())
        {
            Precision = format.Precision,
            Granularity = format.Granularity,
            Solver = solver,
            Budget = options.Budget,
            Threads = options.Threads,
        };

    private CalibrationOptions CalibrationOptions() => test.Format is not ImageFormat { Preprocessing: var preprocessing }
        ? new CalibrationOptions(calibration)
        : new CalibrationOptions(calibration)
        {
            Scale = 1 / 255.0,
            Mean = [.. preprocessing.Mean],
            Std = [.. preprocessing.Std],
        };

    private static double Flips(HardenReport report)
    {
        var weights = report.Layers.Sum(l => (double)l.Rows * l.Columns);
        return Math.Round(report.Layers.Sum(l => l.Flips * l.Rows * l.Columns) / weights, 4);
    }
}
