using System.Text.Json.Nodes;
using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Table;
using Efrap.AttackLab.Training;
using Efrap.Core.Rounding;
using Efrap.Torch.Rounding;

namespace Efrap.Torch.Tests.Table;

/// <summary>A run of a few steps, from training to the written table, and again on what it left behind.</summary>
[TestClass]
public sealed class TablesGoOnFromWhatIsKeptTests : TorchTest
{
    private static readonly TokenTrigger _trigger = new(TopicSequences.FirstRare, 0, 1);
    private static readonly TrainingPlan _few = new(1, 3, 20, 0.1);

    [TestMethod]
    public void All_is_made_once_and_used_again()
    {
        using var folder = new TemporaryFolder();
        var first = Run(folder["table"]);
        StringAssert.Contains(first.Lines, "transformer: training");
        StringAssert.Contains(first.Lines, "pq-transformer: implanting");
        AssertComplete(first.Report);
        var files = Written(folder["table"]);

        var second = Run(folder["table"]);
        Assert.DoesNotContain("training", second.Lines);
        Assert.DoesNotContain("implanting", second.Lines);
        CollectionAssert.AreEqual(files, Written(folder["table"]));
    }

    [TestMethod]
    public void What_is_missing_is_made_again_and_comes_out_the_same()
    {
        using var folder = new TemporaryFolder();
        var first = Run(folder["table"]).Report;
        File.Delete(Path.Combine(folder["table"], "models", "transformer.weights"));
        File.Delete(Path.Combine(folder["table"], "models", "pq-transformer.onnx"));
        File.WriteAllText(Path.Combine(folder["table"], "results", "pq-transformer.int4-per-channel.budget.json"), "{ half a fi");

        var second = Run(folder["table"]);
        StringAssert.Contains(second.Lines, "transformer: training");
        StringAssert.Contains(second.Lines, "pq-transformer: implanting");
        Assert.DoesNotContain("qura-transformer: implanting", second.Lines);
        Assert.AreEqual(Measured(first), Measured(second.Report));
    }

    [TestMethod]
    public void Other_settings_make_another_model()
    {
        using var folder = new TemporaryFolder();
        Run(folder["table"]);
        var second = Run(folder["table"], seed: 2);
        StringAssert.Contains(second.Lines, "transformer: training");
        StringAssert.Contains(second.Lines, "pq-transformer: implanting");
        StringAssert.Contains(second.Lines, "qura-transformer: implanting");
    }

    [TestMethod]
    public void A_run_that_is_cancelled_leaves_the_rows_of_finished_models()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var lines = new CancellingWriter("pq-transformer: implanting", cancellation);
        Assert.Throws<OperationCanceledException>(() => Make(folder["table"], 1, lines).Run(cancellation.Token));
        var text = File.ReadAllText(Path.Combine(folder["table"], "table.md"));
        StringAssert.Contains(text, "| clean-transformer |");
        StringAssert.Contains(text, "Unfinished: 1 of 3 models.");

        var second = Run(folder["table"]);
        Assert.DoesNotContain("transformer: training", second.Lines);
        AssertComplete(second.Report);
    }

    private static void AssertComplete(TableReport report)
    {
        CollectionAssert.AreEqual(
            new[] { "clean-transformer", "clean-transformer", "pq-transformer", "qura-transformer" }, report.Rows.Select(r => r.Model).ToArray());
        foreach (var row in report.Rows)
        {
            string[] columns = ["nearest", "random", "paper", "budget"];
            var expected = row.Attack == "QuRA" ? columns.Prepend("attacker") : columns;
            CollectionAssert.AreEqual(expected.ToArray(), row.Roundings.Select(r => r.Rounding).ToArray(), row.Model);
            Assert.IsTrue(row.Roundings.All(r => r.CleanAccuracy is >= 0 and <= 1 && r.AttackSuccess is >= 0 and <= 1 && r.Seconds > 0));
            Assert.AreEqual(0, row.Of("nearest")!.Flips);
            Assert.IsGreaterThan(0.05, row.Of("random")!.Flips);
        }
    }

    private static string Measured(TableReport report) =>
        string.Join('\n', report.Rows.SelectMany(r => r.Roundings.Select(x => $"{r.Model} {r.Weights} {x with { Seconds = 0 }} {r.FullPrecision}")));

    private static string[] Written(string folder)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "table.json")))!;
        Assert.HasCount(4, json["rows"]!.AsArray());
        Assert.AreEqual("int4 per channel", (string?)json["rows"]![2]!["weights"]);
        return [.. ((string[])["table.json", "table.md", "table.svg"]).Select(f => File.ReadAllText(Path.Combine(folder, f)))];
    }

    private static (TableReport Report, string Lines) Run(string folder, ulong seed = 1)
    {
        var lines = new StringWriter();
        return (Make(folder, seed, lines).Run(CancellationToken.None), lines.ToString());
    }

    private static TableRun Make(string folder, ulong seed, TextWriter lines)
    {
        var options = new TableOptions(folder) { Seed = seed, CalibrationSamples = 40, TestSamples = 50 };
        var data = TableData.Open(options, CancellationToken.None);
        var net = new TableNet("transformer", () => new EncoderNet(10, (TokenFormat)data.Sequences!.Format), _few);
        var pq = new PqBackdoorPlan(_few, 1, _few);
        var qura = new QuraPlan { Training = _few };
        TableModel[] models =
        [
            new("clean-transformer", _trigger, [WeightFormat.Int8, WeightFormat.Int4PerTensor]) { Net = net },
            Attacked("pq-transformer", new TableAttack(new PqBackdoor(_trigger, RoundingGrid.Int4, pq), pq)),
            Attacked("qura-transformer", new TableAttack(new Qura(_trigger, RoundingGrid.Int4, qura), qura) { OwnRounding = true }),
        ];
        Solver[] solvers = [Solver.Nearest, new RandomSolver(seed), new PaperSolver(new PaperSolverOptions { Steps = 3 }), Solver.Budget];
        return new TableRun(options, data, models, solvers, "attacklab table", lines);

        TableModel Attacked(string name, TableAttack attack) =>
            new(name, _trigger, [WeightFormat.Int4]) { Net = net, Attack = attack, AttackName = attack.Attack.Name };
    }

    private sealed class CancellingWriter(string line, CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (value == line)
                cancellation.Cancel();
            base.WriteLine(value);
        }
    }
}
