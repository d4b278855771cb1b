using Efrap.Core.Verification;

namespace Efrap.Cli.Tests;

[TestClass]
public sealed class VerifyTests
{
    [TestMethod]
    public void What_was_found_is_shown_weight_by_weight()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Failed, front.Run("verify", "model.int8.onnx", "--source", "model.onnx", "-c", "s.npz", "--samples", "256"));
        Assert.AreEqual(
            """
            model.int8.onnx: reading

            Layer  Stored             Rounding       Bits  Scales  At edges %  Flips %  Off lattice  A ratio
            conv1  dequantize-linear  efrap             8      16         5.0     25.0            0    0.490
            fc     dequantize-linear  ! unexplained     8      10         0.0      0.1            1        -

            Not verified  Operator  Reason
            lstm          LSTM      its weights are not read

            efrap: `w1`: flips guided by truncation errors
            unexplained: `w2`: 1 of 640 integers off the lattice
            note: a note
            UNEXPLAINED: no known rounding of the source gives these integers: `w2`.

            """.ReplaceLineEndings("\n"),
            front.Output);
        var options = front.Engine.Verifications.Single();
        Assert.AreEqual("model.onnx", options.SourcePath);
        Assert.AreEqual(256, options.Calibration!.Samples);
        Assert.AreEqual(0.5, options.Budget);
    }

    [TestMethod]
    [DataRow(RoundingKind.Efrap, ExitCode.Clean)]
    [DataRow(RoundingKind.Unknown, ExitCode.NothingToDo)]
    [DataRow(RoundingKind.OtherKnown, ExitCode.Failed)]
    [DataRow(RoundingKind.Nearest, ExitCode.Failed)]
    [DataRow(RoundingKind.Unexplained, ExitCode.Failed)]
    public void The_exit_code_is_the_worst_that_was_found(RoundingKind verdict, int code)
    {
        using var front = new Front { Engine = new FakeEngine { VerifyReport = Reports.Verification with { Verdict = verdict } } };
        Assert.AreEqual(code, front.Run("verify", "model.int8.onnx"));
    }

    [TestMethod]
    [DataRow("--calibration s.npz", "--calibration means nothing without --source")]
    [DataRow("--source model.onnx --budget 0", "--budget must be above 0 and at most 1")]
    [DataRow("--source model.onnx --report model.onnx", "--report names a file that is read")]
    public void Wrong_settings_are_usage(string arguments, string problem)
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Usage, front.Run(["verify", "model.int8.onnx", .. arguments.Split(' ')]));
        Assert.Contains(problem, front.ErrorLines.Single());
    }

    [TestMethod]
    public void Names_from_the_model_cannot_control_the_terminal()
    {
        const string name = "\u001b[2Jx";
        var hostile = Reports.Verification with { Tensors = [Reports.Verification.Tensors[1] with { Name = name, Layer = name, Evidence = name }] };
        using var front = new Front { Engine = new FakeEngine { VerifyReport = hostile } };
        Assert.AreEqual(ExitCode.Failed, front.Run("verify", "model.int8.onnx"));
        Assert.DoesNotContain("\u001b", front.Output);
    }
}
