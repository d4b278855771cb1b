namespace Efrap.Cli.Tests.Terminal;

[TestClass]
public sealed class PlainOutputTests
{
    [TestMethod]
    public void A_run_without_a_terminal_is_lines_of_text()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Harden("--report", "r.json"));
        Assert.AreEqual(
            """
            model.onnx: reading
            model.onnx: measuring
            model.onnx: writing

            Layer  Operator   K  Flips %  A ratio  Seconds
            conv1  Conv      27     25.0    0.500     0.25
            fc     Gemm      64     12.5    0.375     1.25

            Left in float  Operator  Reason
            lstm           LSTM      recurrent operators stay float

            note: BatchNormalization 'bn' was folded into 'conv1'.
            Wrote out.onnx: 2 layers in int8, 1 left in float, 17.5 % of weights flipped, 1024 samples, 0.0 s, report r.json

            """.ReplaceLineEndings("\n"),
            front.Output);
        Assert.AreEqual(string.Empty, front.Error);
    }

    [TestMethod]
    public void Of_a_quantized_model_it_says_what_was_there()
    {
        using var front = new Front { Engine = new FakeEngine { Report = Reports.RoundedAnew } };
        Assert.AreEqual(ExitCode.Clean, front.Harden("--source", "source.onnx"), front.Error);
        Assert.Contains(
            """
            Layer  Operator   K  Nearest before %  Off lattice  Flips %  A ratio  Seconds
            conv1  Conv      27             100.0            0     25.0    0.500     0.25
            fc     Gemm      64              87.5            3     12.5    0.375     1.25

            Left as it was  Operator  Reason
            head            MatMul    no weight of the source has its shape and values like it

            Wrote out.onnx: 2 layers of the quantized model rounded anew beside source.onnx, 1 left as they were, 17.5 % of weights flipped,
            """.ReplaceLineEndings("\n"),
            front.Output);
    }

    [TestMethod]
    public void A_missed_budget_is_a_note_and_a_mark()
    {
        using var front = new Front { Engine = new FakeEngine { Report = Reports.BudgetMissed } };
        Assert.AreEqual(ExitCode.Clean, front.Harden());
        Assert.AreEqual(string.Empty, front.Error);
        Assert.StartsWith(
            "note EFRAP2003: 1 of 2 layers exceed the activation budget 0.5, the worst is 'fc' at 0.750;",
            front.OutputLines.Single(line => line.StartsWith("note EFRAP", StringComparison.Ordinal)));
        Assert.Contains("! 0.750", front.OutputLines.Single(line => line.StartsWith("fc ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Nearest_rounding_has_no_budget_to_miss()
    {
        using var front = new Front { Engine = new FakeEngine { Report = Reports.BudgetMissed with { Solver = "nearest" } } };
        front.Harden("--solver", "nearest");
        Assert.AreEqual(string.Empty, front.Error);
        Assert.DoesNotContain("!", front.Output);
    }

    [TestMethod]
    public void Names_from_the_model_cannot_control_the_terminal()
    {
        var layer = Reports.TwoLayers.Layers[0] with { Name = "\u001b]0;title\a\u001b[2J" };
        using var front = new Front { Engine = new FakeEngine { Report = Reports.BudgetMissed with { Layers = [layer with { BudgetMet = false }] } } };
        front.Harden();
        Assert.DoesNotContain("\u001b", front.Output + front.Error);
        Assert.Contains("\\u001B]0;title\\u0007\\u001B[2J", front.Output);
    }

    [TestMethod]
    public void Numbers_that_are_not_finite_are_shown_as_such()
    {
        var layer = Reports.TwoLayers.Layers[0] with { ActivationError = double.PositiveInfinity };
        using var front = new Front { Engine = new FakeEngine { Report = Reports.TwoLayers with { Layers = [layer] } } };
        Assert.AreEqual(ExitCode.Clean, front.Harden());
        Assert.Contains("n/a", front.Output);
    }
}
