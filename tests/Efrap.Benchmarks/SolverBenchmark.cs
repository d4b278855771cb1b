using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Measure;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Torch.Rounding;

namespace Efrap.Benchmarks;

/// <summary>
/// The budgeted solver beside the paper's own, end to end: the same model, the same 1,024 samples, one thread each. What
/// each keeps of accuracy and leaves of the attack is printed behind its runs.
/// </summary>
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 0, iterationCount: 2)]
public class SolverBenchmark
{
    private readonly string _folder = Directory.CreateTempSubdirectory("efrap-benchmark-").FullName;

    [Params("shapes-qcb-int8", "shapes-qcb-int4")]
    public string Model { get; set; } = string.Empty;

    private string Hardened => Path.Combine(_folder, "hardened.onnx");

    private static string Fixtures => Path.Combine(Checkout.Root, "tests", "fixtures");

    [Benchmark(Baseline = true, Description = "the paper's solver, 10,000 steps per layer")]
    public void Paper() => Run(new PaperSolver());

    [Benchmark(Description = "its objective on moments, 10,000 steps per layer")]
    public void PaperOnMoments() => Run(new PaperSolver(new PaperSolverOptions { Objective = PaperObjective.Moments }));

    [Benchmark(Description = "the budgeted solver")]
    public void Budget() => Run(Solver.Budget);

    [GlobalCleanup]
    public void Cleanup()
    {
        var test = NpzFile.Read(Path.Combine(Fixtures, "shapes-test.npz"), ImageFormat.Shapes);
        using (var classifier = new OnnxClassifier(File.ReadAllBytes(Hardened), Hardened, ImageFormat.Shapes))
        {
            var measured = AttackMeasurement.Of(classifier, test, PatchTrigger.Shapes);
            Console.WriteLine(FormattableString.Invariant(
                $"// {Model}: clean accuracy {100 * measured.CleanAccuracy:F1} %, attack success {100 * measured.AttackSuccess:F1} %"));
        }

        Directory.Delete(_folder, recursive: true);
    }

    private void Run(Solver solver) => Harden.Run(
        new HardenOptions(
            Path.Combine(Fixtures, $"{Model}.onnx"),
            Hardened,
            new CalibrationOptions(Path.Combine(Fixtures, "shapes-calibration.npz")) { Scale = 1 / 255.0, Mean = [0.5], Std = [0.25] })
        {
            Precision = Model.EndsWith("int4", StringComparison.Ordinal) ? Precision.Int4Weights : Precision.Int8Weights,
            Solver = solver,
            Threads = 1,
        });
}
