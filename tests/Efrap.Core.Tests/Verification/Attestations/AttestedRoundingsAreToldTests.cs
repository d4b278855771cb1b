using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Verification;

namespace Efrap.Core.Tests.Verification.Attestations;

[TestClass]
public sealed class AttestedRoundingsAreToldTests
{
    private const string Int8 = "shapes-qcb-int8.onnx";
    private const int Classes = 10;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Without_source_and_data_what_was_attested()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8, Solver.Budget);
        var report = Verify.Run(file.Attested with { SourcePath = null, Calibration = null });
        Assert.AreEqual((RoundingKind.Efrap, true), (report.Verdict, report.Accepted));
        Assert.Contains("as much as its signature", report.Notes.Single());
        Assert.AreEqual(RoundingKind.Efrap, Verify.Run(file.Attested with { Calibration = null }).Verdict);
    }

    [TestMethod]
    public void Nearest_rounding_stays_nearest_rounding()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8Weights, Solver.Nearest);
        Assert.AreEqual(RoundingKind.Nearest, Verify.Run(file.Attested with { SourcePath = null, Calibration = null }).Verdict);

        // Whoever can write the file can write what is said of it.
        file.Forge(predicate => predicate with { Settings = predicate.Settings with { Solver = "budget" } });
        Assert.AreEqual(RoundingKind.Nearest, Verify.Run(file.Attested with { Calibration = null }).Verdict);
        Assert.AreEqual(RoundingKind.Nearest, Verify.Run(file.Attested).Verdict);
    }

    // Without the attested data, docs/verify.md allows these as what other calibration data may change.
    [TestMethod]
    public void Flips_that_raise_a_class_are_told_on_the_attested_data()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8, Roundings.RaisingClass0(Solver.Budget, 0.05, Classes));
        Assert.AreEqual(RoundingKind.Efrap, file.Verify().Tensors[^1].Rounding);
        file.Forge(predicate => predicate with { Settings = predicate.Settings with { Solver = "budget" } });
        var report = Verify.Run(file.Attested);
        TestContext.WriteLine(report.Tensors[^1].Evidence);
        Assert.AreEqual(RoundingKind.Unexplained, report.Verdict);
        Assert.AreEqual(report.Tensors[^1].Name, report.Tensors.Single(t => t.Rounding != RoundingKind.Efrap).Name);
        Assert.Contains("on the attested data A is", report.Tensors[^1].Evidence);
    }

    [TestMethod]
    public void Weights_that_hardening_left_are_not_attested()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8, Solver.Nearest);
        file.RoundAnew();
        var left = string.Empty;
        file.Forge(predicate =>
        {
            left = predicate.Layers[1].Name;
            return predicate with { Layers = [.. predicate.Layers.Where(l => l.Name != left)], Skipped = [new SkippedNode(left, "Conv", "left")] };
        });
        var report = Verify.Run(file.Attested with { SourcePath = null, Calibration = null });
        Assert.AreEqual(left, report.Tensors.Single(t => t.Rounding != RoundingKind.Efrap).Layer);
        Assert.AreEqual(RoundingKind.Unknown, report.Verdict);
    }
}
