using Efrap.Core.Onnx;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Onnx;
using Google.Protobuf;

namespace Efrap.Core.Tests.Inference;

/// <summary>Cancelling ends a run at the next batch or solve, as <see cref="OperationCanceledException"/>, and leaves nothing behind.</summary>
[TestClass]
[DoNotParallelize]
public sealed class CancellationTests
{
    [TestMethod]
    [DataRow("reading")]
    [DataRow("measuring")]
    [DataRow("layer")]
    [DataRow("writing")]
    public void Leaves_no_output_and_no_temporary_file(string step)
    {
        using var folder = new TemporaryFolder();
        using var files = new TemporaryFiles();
        using var cancellation = new CancellationTokenSource();
        var options = Write(folder, Nets.Chain(3));
        var before = folder.Content();
        var steps = new List<string>();
        var progress = new Synchronous(p =>
        {
            steps.Add(p.Step);
            if (p.Step == step)
                cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Harden.Run(options, progress, cancellation.Token));
        Assert.AreEqual(1, steps.Count(s => s == step), "it went on after it was cancelled");
        CollectionAssert.AreEqual(before, folder.Content());
        Assert.AreEqual(0, files.Open());
    }

    // The same run, not cancelled, does write: the tests above could not fail otherwise.
    [TestMethod]
    public void Is_what_keeps_the_output_from_being_written()
    {
        using var folder = new TemporaryFolder();
        var before = folder.Content().Length;
        Harden.Run(Write(folder, Nets.Chain(3)));
        CollectionAssert.AreEqual(new[] { "calibration.npz", "hardened.onnx", "model.onnx", "report.json" }, folder.Content());
        Assert.AreEqual(0, before);
    }

    [TestMethod]
    public void Stops_between_batches()
    {
        using var cancellation = new CancellationTokenSource();
        var builder = Nets.Chain(6);
        var graph = new ModelGraph(builder.Read());
        var plan = Core.Quantization.LayerPlanner.Plan(graph);
        var sessions = 0;
        using var sweep = new HardeningSweep(
            graph,
            plan.Layers,
            Samples.For(graph, 320),
            new SweepSettings(Core.Quantization.Precision.Int8, Solver.Budget, 0.5, Threads: 2)
            {
                ConfigureSession = _ =>
                {
                    if (++sessions == 4)
                        cancellation.Cancel();
                },
            });
        Assert.Throws<OperationCanceledException>(() => sweep.Run((_, _, _) => { }, cancellation.Token));
        Assert.AreEqual(4, sessions, "it went on after it was cancelled");
    }

    [TestMethod]
    public void Stops_a_solve()
    {
        using var cancellation = new CancellationTokenSource();
        var layer = new Rounding.RandomLayer(seed: 1, rows: 4, columns: 30);
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => BudgetedRounding.Solve(layer.Problem, 0.5, new ParallelOptions { CancellationToken = cancellation.Token }));
    }

    private static HardenOptions Write(TemporaryFolder folder, ModelBuilder builder) =>
        new(
            folder.Write("model.onnx", builder.Build().ToByteArray()),
            folder.File("hardened.onnx"),
            Samples.Write(folder, new ModelGraph(builder.Read())))
        {
            ReportPath = folder.File("report.json"),
            Threads = 2,
        };

    private sealed class Synchronous(Action<HardenProgress> report) : IProgress<HardenProgress>
    {
        public void Report(HardenProgress value) => report(value);
    }
}
