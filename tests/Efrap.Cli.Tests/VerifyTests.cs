using Efrap.Core.Evidence;
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
        Assert.IsNull(options.Budget);
    }

    [TestMethod]
    [DataRow(RoundingKind.Efrap, true, ExitCode.Clean)]
    [DataRow(RoundingKind.Unknown, false, ExitCode.NothingToDo)]
    [DataRow(RoundingKind.OtherKnown, false, ExitCode.Failed)]
    [DataRow(RoundingKind.Nearest, false, ExitCode.Failed)]
    [DataRow(RoundingKind.Nearest, true, ExitCode.Clean)]
    [DataRow(RoundingKind.Unexplained, false, ExitCode.Failed)]
    public void The_exit_code_is_the_worst_that_was_found_and_not_accepted(RoundingKind verdict, bool accepted, int code)
    {
        var report = Reports.Verification with { Verdict = verdict, Accepted = accepted };
        using var front = new Front { Engine = new FakeEngine { VerifyReport = report } };
        Assert.AreEqual(code, front.Run("verify", "model.int8.onnx"));
        Assert.AreEqual(accepted && verdict != RoundingKind.Efrap, front.Output.EndsWith("The policy allows it.\n", StringComparison.Ordinal));
    }

    [TestMethod]
    public void What_a_replay_comes_to_is_said()
    {
        var attested = new VerifiedAttestation("a.intoto.json", new string('e', 64), "budget", new string('f', 64));
        var tensor = Reports.Verification.Tensors[0] with { Replayed = new ReplayedIntegers(3, null) };
        using var front = new Front { Engine = new FakeEngine { VerifyReport = Reports.Verification with { Attestation = attested, Tensors = [tensor] } } };
        front.Run("verify", "m.onnx", "--source", "s.onnx", "-c", "s.npz", "--attestation", "a.intoto.json", "--replay");
        Assert.Contains("attestation: `a.intoto.json` speaks of the files that were given (solver budget, budget 0.5).\n", front.Output);
        Assert.Contains("replayed: hardening again gives another file; 3 integers differ.\n", front.Output);
        var options = front.Engine.Verifications.Single();
        Assert.IsTrue(options is { AttestationPath: "a.intoto.json", Replay: true });
    }

    [TestMethod]
    [DataRow("--calibration s.npz", "--calibration means nothing without --source")]
    [DataRow("--source model.onnx --attestation a.json --replay", "--replay needs --attestation, --source and --calibration")]
    [DataRow("--policy p.json --no-policy", "--policy and --no-policy contradict each other")]
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
