using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Verification;

namespace Efrap.Core.Tests.Verification.Attestations;

[TestClass]
public sealed class ReplayComparesIntegersTests
{
    private const string Int8 = "shapes-qcb-int8.onnx";

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(Int8, Precision.Int8)]
    [DataRow("shapes-qcb-int4.onnx", Precision.Int4Weights)]
    public void The_same_inputs_give_the_same_file(string model, Precision precision)
    {
        using var file = VerifiedFixture.Of(model, precision, Solver.Budget);
        AssertSame(file);
    }

    [TestMethod]
    public void So_does_rounding_a_quantized_model_anew()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8, Solver.Nearest);
        file.RoundAnew();
        AssertSame(file);
    }

    [TestMethod]
    public void Nearest_rounding_replayed_is_nearest_rounding()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8Weights, Solver.Nearest);
        var report = Verify.Run(file.Attested with { Replay = true });
        Assert.AreEqual((RoundingKind.Nearest, report.ModelSha256), (report.Verdict, report.Attestation!.ReplayedSha256));
    }

    // As another processor may leave it: one weight goes the other way.
    [TestMethod]
    public void Where_integers_differ_the_certificate_decides()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8Weights, Solver.Budget);
        var name = FlipOne(file);
        file.Forge(predicate => predicate);
        var report = Verify.Run(file.Attested with { Replay = true });
        var tensor = report.Tensors.Single(t => t.Replayed!.Different > 0);
        TestContext.WriteLine(tensor.Evidence);
        Assert.AreEqual((name, 1, RoundingKind.Efrap), (tensor.Name, tensor.Replayed!.Different, tensor.Rounding));
        Assert.IsTrue(tensor.Replayed.Certificate!.Holds);
        Assert.AreNotEqual(tensor.Replayed.Certificate.SolvedObjective, tensor.Replayed.Certificate.Objective);
        Assert.Contains("replayed: 1 of", tensor.Evidence);
        Assert.AreNotEqual(report.ModelSha256, report.Attestation!.ReplayedSha256);
        Assert.AreEqual(RoundingKind.Efrap, report.Verdict);
    }

    [TestMethod]
    public void Another_solution_is_not_certified()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8Weights, Roundings.ActivationOptimal);
        file.Forge(predicate => predicate with { Settings = predicate.Settings with { Solver = "budget" } });
        var report = Verify.Run(file.Attested with { Replay = true });
        Assert.AreEqual(RoundingKind.OtherKnown, report.Verdict);
        Assert.Contains(t => t.Replayed!.Certificate is { Holds: false }, report.Tensors);
    }

    [TestMethod]
    [DataRow("int9", "budget", EfrapCode.AttestationRejected)]
    [DataRow("as-quantized", "budget", EfrapCode.AttestationRejected)]
    [DataRow("int8", "paper", EfrapCode.TorchTierMissing)]
    public void Settings_that_this_engine_lacks_are_refused(string precision, string solver, EfrapCode code)
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8Weights, Solver.Nearest);
        file.Forge(predicate => predicate with { Settings = predicate.Settings with { Precision = precision, Solver = solver } });
        Refusal.Expect(code, () => Verify.Run(file.Attested with { Replay = true }));
    }

    [TestMethod]
    public void It_needs_what_it_replays()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8Weights, Solver.Nearest);
        var options = file.Attested with { Replay = true };
        Refusal.Expect(EfrapCode.InvalidSetting, () => Verify.Run(options with { AttestationPath = null }));
        Refusal.Expect(EfrapCode.InvalidSetting, () => Verify.Run(options with { Calibration = null }));
    }

    private static void AssertSame(VerifiedFixture file)
    {
        var report = Verify.Run(file.Attested with { Replay = true });
        Assert.AreEqual(report.ModelSha256, report.Attestation!.ReplayedSha256);
        Assert.IsTrue(report.Tensors.All(t => t is { Rounding: RoundingKind.Efrap, Replayed.Different: 0 }));
        Assert.AreEqual((RoundingKind.Efrap, true), (report.Verdict, report.Accepted));
    }

    // The middle weight of the second layer takes its other integer.
    private static string FlipOne(VerifiedFixture file) => file.Alter(1, (lattice, codes) =>
    {
        var index = Enumerable.Range(codes.Length / 2, codes.Length / 2).First(i => lattice.Movable[i]);
        codes[index] = (sbyte)((2 * lattice.Floor[index]) + 1 - codes[index]);
    });
}
