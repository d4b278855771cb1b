using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Quantization;
using Efrap.Core.Tests;
using Efrap.Core.Tests.Onnx;
using Efrap.Torch.Rounding;

namespace Efrap.Torch.Tests.Rounding;

[TestClass]
public sealed class PaperSolverHardensTests : TorchTest
{
    private static readonly PaperSolverOptions _short = new() { Steps = 60, LearningRate = 0.05 };

    [TestMethod]
    public void On_the_data_and_on_their_moments_it_finds_about_the_same()
    {
        var data = Run(_short);
        var moments = Run(_short with { Objective = PaperObjective.Moments });
        Assert.AreEqual("paper", data.Solver);
        Assert.AreEqual("paper-gram", moments.Solver);
        foreach (var (a, b) in data.Layers.Zip(moments.Layers))
        {
            Assert.AreEqual(a.Flips, b.Flips, 0.15, a.Name);
            Assert.IsGreaterThan(0.1, a.Flips, a.Name);
        }
    }

    [TestMethod]
    public void The_seed_alone_decides_the_bytes()
    {
        var first = Run(_short);
        Assert.AreEqual(first.OutputSha256, Run(_short, threads: 2).OutputSha256);
        Assert.AreNotEqual(first.OutputSha256, Run(_short with { Seed = 1 }).OutputSha256);
    }

    [TestMethod]
    public void Samples_on_the_second_axis_are_visited_batch_by_batch()
    {
        var b = new ModelBuilder();
        var tokensFirst = b.Node("Transpose", [b.Input("input", -1, 3, 16)], ("perm", new[] { 1L, 0, 2 }));
        b.Output(b.Node("Transpose", [b.MatMul(tokensFirst, 16, 32)], ("perm", new[] { 1L, 0, 2 })), -1, 3, 32);
        using var folder = new TemporaryFolder();
        var options = SmallModel.Write(b, folder, [CalibrationSet.DefaultBatchSize + 8, 3, 16]) with { Precision = Precision.Int4Weights };
        var data = Harden.Run(options with { Solver = new PaperSolver(_short) }).Layers.Single();
        var moments = Harden.Run(options with { Solver = new PaperSolver(_short with { Objective = PaperObjective.Moments }) }).Layers.Single();
        Assert.AreEqual(moments.Flips, data.Flips, 0.15);
        Assert.IsGreaterThan(0.1, data.Flips);
    }

    [TestMethod]
    public void The_report_holds_its_settings()
    {
        var report = Run(_short with { Steps = 2, Seed = 4 });
        CollectionAssert.AreEqual(
            new[] { "steps=2", "batchSize=32", "seed=4", "learningRate=0.05", "regularization=0.01", "flipWeight=1", "scaleLearningRate=4E-05" }, report.SolverSettings!.ToArray());
        StringAssert.Contains(ReportJson.Serialize(report), "\"seed=4\"");
    }

    [TestMethod]
    public void It_can_be_cancelled_between_steps()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        Assert.Throws<OperationCanceledException>(() => Run(new PaperSolverOptions { Steps = int.MaxValue }, cancellationToken: source.Token));
    }

    [TestMethod]
    [DataRow(0, 32, 1e-3)]
    [DataRow(10, 0, 1e-3)]
    [DataRow(10, 32, 0)]
    [DataRow(10, 32, double.NaN)]
    public void Settings_outside_their_range_are_named(int steps, int batchSize, double rate)
    {
        var e = Assert.Throws<EfrapException>(() => new PaperSolver(new PaperSolverOptions { Steps = steps, BatchSize = batchSize, LearningRate = rate }));
        Assert.AreEqual(EfrapCode.InvalidSetting, e.Code);
    }

    private static HardenReport Run(PaperSolverOptions options, int threads = 1, CancellationToken cancellationToken = default)
    {
        using var folder = new TemporaryFolder();
        var calibration = new CalibrationOptions(TestData.Fixture("shapes-calibration.npz")) { Scale = 1 / 255.0, Mean = [0.5], Std = [0.25], Samples = 64 };
        return Harden.Run(
            new HardenOptions(TestData.Fixture("shapes-qcb-int4.onnx"), folder["out.onnx"], calibration)
            {
                Precision = Precision.Int4Weights,
                Solver = new PaperSolver(options),
                Threads = threads,
            },
            cancellationToken: cancellationToken);
    }
}
