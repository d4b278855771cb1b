using Efrap.Core.Evidence;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Verification;

namespace Efrap.Core.Tests.Verification;

[TestClass]
public sealed class RoundingsOfFixturesAreToldTests
{
    private const string Int8 = "shapes-qcb-int8.onnx";
    private const string Int4 = "shapes-qcb-int4.onnx";
    private const string Clean = "shapes-clean.onnx";
    private const int Classes = 10;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(Int8, Precision.Int8)]
    [DataRow(Int8, Precision.Int8Weights)]
    [DataRow(Int4, Precision.Int4Weights)]
    [DataRow(Clean, Precision.Int8)]
    public void Nearest(string model, Precision precision)
    {
        using var file = VerifiedFixture.Of(model, precision, Solver.Nearest);
        AllAre(RoundingKind.Nearest, Verified(file));
        AllAre(RoundingKind.Nearest, file.Verify(calibration: false));
    }

    [TestMethod]
    [DataRow(Int8, Precision.Int8)]
    [DataRow(Int8, Precision.Int8Weights)]
    [DataRow(Int4, Precision.Int4Weights)]
    [DataRow(Clean, Precision.Int8)]
    [DataRow(Clean, Precision.Int4Weights)]
    public void Efrap(string model, Precision precision)
    {
        using var file = VerifiedFixture.Of(model, precision, Solver.Budget);
        AllAre(RoundingKind.Efrap, Verified(file));
        Assert.AreEqual(RoundingKind.Unknown, file.Verify(calibration: false).Verdict);
    }

    [TestMethod]
    [DataRow(Int8, Precision.Int8)]
    [DataRow(Int4, Precision.Int4Weights)]
    public void Efrap_of_what_was_rounded_anew(string model, Precision precision)
    {
        using var file = VerifiedFixture.Of(model, precision, Solver.Nearest);
        file.RoundAnew();
        AllAre(RoundingKind.Efrap, Verified(file));
    }

    [TestMethod]
    public void Efrap_on_other_samples()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8, Solver.Budget);
        AllAre(RoundingKind.Efrap, file.Verify(samples: 256));
    }

    [TestMethod]
    [DataRow(Int8, Precision.Int8, 1)]
    [DataRow(Int8, Precision.Int8Weights, 2)]
    [DataRow(Int4, Precision.Int4Weights, 3)]
    [DataRow(Clean, Precision.Int8, 4)]
    public void Stochastic(string model, Precision precision, int seed)
    {
        using var file = VerifiedFixture.Of(model, precision, Roundings.Stochastic(seed));
        AllAre(RoundingKind.OtherKnown, Verified(file));

        // Half of all weights of a backdoored model that lie halfway between integers go up, whoever rounds them.
        var byWeights = file.Verify(calibration: false).Tensors.Select(t => t.Rounding).ToList();
        Assert.IsTrue(byWeights.All(r => r == RoundingKind.OtherKnown || (model != Clean && r == RoundingKind.Unknown)));
    }

    [TestMethod]
    [DataRow(Int8, Precision.Int8)]
    [DataRow(Clean, Precision.Int8Weights)]
    public void Activation_optimal_without_guidance(string model, Precision precision)
    {
        using var file = VerifiedFixture.Of(model, precision, Roundings.ActivationOptimal);
        var report = Verified(file);
        Assert.AreEqual(RoundingKind.OtherKnown, report.Verdict);
        Assert.IsTrue(report.Tensors.All(t => t.Rounding is RoundingKind.OtherKnown or RoundingKind.Efrap));
    }

    [TestMethod]
    [DataRow(Int8, Precision.Int8, 0.05)]
    [DataRow(Int8, Precision.Int8, 0.25)]
    [DataRow(Int4, Precision.Int4Weights, 0.05)]
    [DataRow(Clean, Precision.Int8Weights, 0.1)]
    public void Flips_that_raise_a_class_of_a_nearest_rounding(string model, Precision precision, double share) =>
        LastIsUnexplained(model, precision, Roundings.RaisingClass0(Solver.Nearest, share, Classes));

    // Fewer than these hide in what docs/verify.md allows other calibration data.
    [TestMethod]
    [DataRow(Int8, Precision.Int8, 0.25)]
    [DataRow(Int4, Precision.Int4Weights, 0.05)]
    [DataRow(Clean, Precision.Int8Weights, 0.1)]
    public void Flips_that_raise_a_class_of_an_EFRAP_rounding(string model, Precision precision, double share) =>
        LastIsUnexplained(model, precision, Roundings.RaisingClass0(Solver.Budget, share, Classes));

    [TestMethod]
    [DataRow(Int8, Precision.Int8)]
    [DataRow(Int4, Precision.Int4Weights)]
    public void A_single_integer_off_the_lattice(string model, Precision precision)
    {
        foreach (var solver in Solver.All)
        {
            using var file = VerifiedFixture.Of(model, precision, solver);
            var name = MoveOneInteger(file);
            foreach (var report in new[] { Verified(file), file.Verify(calibration: false) })
            {
                Assert.AreEqual(RoundingKind.Unexplained, report.Verdict);
                var found = report.Tensors.Single(t => t.Rounding == RoundingKind.Unexplained);
                Assert.AreEqual(name, found.Name);
                Assert.AreEqual(1, found.Integers!.OffLattice);
                Assert.IsGreaterThan(1.0, found.Integers.LargestDeviation);
            }
        }
    }

    [TestMethod]
    public void Nothing_without_a_source()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8, Solver.Nearest);
        var report = file.Verify(source: false, calibration: false);
        AllAre(RoundingKind.Unknown, report);
        Assert.IsTrue(report.Tensors.All(t => t is { Bits: 8, Form: "dequantize-linear", Integers: null, Activations: null }));
        Assert.Contains("--source", report.Notes.Single());
    }

    [TestMethod]
    public void The_same_report_each_time()
    {
        using var file = VerifiedFixture.Of(Int8, Precision.Int8, Solver.Budget);
        using var folder = new TemporaryFolder();
        var (first, second) = (folder.File("1.json"), folder.File("2.json"));
        file.Verify(samples: 64, report: first);
        file.Verify(samples: 64, report: second);
        CollectionAssert.AreEqual(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.Contains("\"verdict\": \"", File.ReadAllText(first));
        Assert.DoesNotContain(Path.GetDirectoryName(file.Path)!, File.ReadAllText(first));
    }

    // Moves the integer of a weight by one, away from the weight, and never past the range.
    private static string MoveOneInteger(VerifiedFixture file) => file.Alter(2, (lattice, codes) =>
    {
        var index = Array.FindIndex(codes, c => Math.Abs((int)c) is > 1 and < 5);
        codes[index] += (sbyte)(codes[index] == lattice.Floor[index] ? -1 : 1);
    });

    private void LastIsUnexplained(string model, Precision precision, Solver malicious)
    {
        using var file = VerifiedFixture.Of(model, precision, malicious);
        var report = Verified(file);
        Assert.AreEqual(RoundingKind.Unexplained, report.Verdict);
        Assert.AreEqual(report.Tensors[^1].Name, report.Tensors.Single(t => t.Rounding == RoundingKind.Unexplained).Name);
    }

    private VerifyReport Verified(VerifiedFixture file)
    {
        var report = file.Verify();
        foreach (var t in report.Tensors)
            TestContext.WriteLine($"{t.Layer}: {t.Rounding}, {t.Evidence}; {t.Activations}");
        return report;
    }

    private static void AllAre(RoundingKind kind, VerifyReport report)
    {
        Assert.AreEqual(kind, report.Verdict, string.Join("; ", report.Tensors.Where(t => t.Rounding != kind).Select(t => $"{t.Layer} {t.Evidence}")));
        Assert.IsNotEmpty(report.Tensors);
        Assert.IsTrue(report.Tensors.All(t => t.Rounding == kind), string.Join("; ", report.Tensors.Where(t => t.Rounding != kind).Select(t => t.Evidence)));
    }
}
