using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Core;
using Efrap.Core.Onnx;
using Efrap.Torch.Runtime;

namespace Efrap.AttackLab.Fixtures;

/// <summary>Makes the fixtures: draws, trains, attacks, writes, measures, and keeps only what meets the requirements.</summary>
/// <param name="options">What to make.</param>
/// <param name="output">Told what happens, line by line.</param>
public sealed class FixtureRun(FixtureOptions options, TextWriter output)
{
    private const string CalibrationFile = "shapes-calibration.npz";
    private const string TestFile = "shapes-test.npz";

    /// <summary>Makes the fixtures.</summary>
    /// <param name="cancellationToken">Observed between batches; nothing is left behind then.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="EfrapException">Torch cannot be loaded, or the folder cannot be written.</exception>
    /// <exception cref="FixtureException">The fixtures do not meet the requirements; nothing was written.</exception>
    public IReadOnlyList<FixtureMeasurement> Run(CancellationToken cancellationToken)
    {
        TorchRuntime.Start(options.Seed, options.Threads);
        using var stage = new StagingFolder(options.Output);
        var images = new ShapeImages(options.Seed);
        var calibration = images.Draw(SamplePurpose.Calibration, 0, options.CalibrationImages, cancellationToken);
        var test = images.Draw(SamplePurpose.Test, 0, options.TestImages, cancellationToken);
        using var clean = TrainClean(images, cancellationToken);
        FixtureModel[] models =
        [
            FixtureModel.Clean("shapes-clean", clean),
            Attack("shapes-qcb-int8", clean, RoundingGrid.Int8, cancellationToken),
            Attack("shapes-qcb-int4", clean, RoundingGrid.Int4, cancellationToken),
        ];

        NpzFile.Write(stage.PathOf(CalibrationFile), calibration, withLabels: false, cancellationToken);
        NpzFile.Write(stage.PathOf(TestFile), test, withLabels: true, cancellationToken);
        foreach (var model in models)
            OnnxModelWriter.Write(model.Model, stage.PathOf(model.FileName), cancellationToken);
        var measured = Measure(stage, models, test, cancellationToken);
        FixtureReadme.Write(stage.PathOf(FixtureReadme.FileName), options, measured, cancellationToken);
        if (stage.Bytes > FixtureRequirements.TotalBytes)
            throw new FixtureException($"the fixtures take {stage.Bytes} bytes, more than {FixtureRequirements.TotalBytes}.");
        stage.Publish();
        return measured;
    }

    private ResidualNet TrainClean(ShapeImages images, CancellationToken cancellationToken)
    {
        output.WriteLine("shapes-clean: training");
        var net = new ResidualNet(ShapeGeometry.Count);
        var plan = new TrainingPlan(options.Epochs, 64, 128, 0.1);
        var source = new SampleSource(images, SamplePurpose.Training);
        new CleanTraining(plan).Train(net, source, new StageLines(output), cancellationToken);
        return net;
    }

    private FixtureModel Attack(string name, LabNet clean, RoundingGrid grid, CancellationToken cancellationToken)
    {
        output.WriteLine($"{name}: implanting");
        var plan = new PqBackdoorPlan(
            new TrainingPlan(options.AttackEpochs, 64, 128, 0.1), 1, new TrainingPlan((options.AttackEpochs + 1) / 2, 64, 128, 0.05));
        var source = new SampleSource(new ShapeImages(options.Seed), SamplePurpose.Attack);
        using var net = new PqBackdoor(PatchTrigger.Shapes, grid, plan).Implant(clean, source, new StageLines(output), cancellationToken);
        return FixtureModel.Backdoored(name, net, grid);
    }

    private List<FixtureMeasurement> Measure(
        StagingFolder stage, FixtureModel[] models, LabeledSamples test, CancellationToken cancellationToken)
    {
        var measured = new List<FixtureMeasurement>();
        var missed = new List<string>();
        foreach (var model in models)
        {
            output.WriteLine($"{model.FileName}: measuring");
            var path = stage.PathOf(model.FileName);
            var measurement = FixtureMeasurement.Of(path, stage.PathOf(CalibrationFile), test, cancellationToken);
            measured.Add(measurement);
            missed.AddRange(FixtureRequirements.Missed(model, path, measurement));
        }

        output.Write(FixtureReadme.Table(measured));
        return missed.Count == 0 ? measured : throw new FixtureException(string.Join("; ", missed) + ".");
    }
}
