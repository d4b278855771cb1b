using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Hardening.Quantized;

/// <summary>A backdoored model that was rounded to nearest, and so attacks, is as good after its integers are replaced as if it had been
/// hardened in full precision.</summary>
[TestClass]
public sealed class FixturesLoseTheBackdoorTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("shapes-qcb-int8.onnx", Precision.Int8)]
    [DataRow("shapes-qcb-int8.onnx", Precision.Int8Weights)]
    [DataRow("shapes-qcb-int4.onnx", Precision.Int4Weights)]
    public void After_their_integers_are_replaced(string model, Precision precision)
    {
        using var folder = new TemporaryFolder();
        var (nearest, hardened, anew) = (folder.File("nearest.onnx"), folder.File("hardened.onnx"), folder.File("anew.onnx"));
        var source = TestData.Fixture(model);
        Run(new HardenOptions(source, nearest, Calibration) { Precision = precision, Solver = Solver.Nearest });
        var expected = Run(new HardenOptions(source, hardened, Calibration) { Precision = precision });
        var actual = Run(new HardenOptions(nearest, anew, Calibration) { SourcePath = source });

        var attack = AttackMeasurement.Shapes;
        var (original, before, aside, after) = (attack.Measure(source), attack.Measure(nearest), attack.Measure(hardened), attack.Measure(anew));
        TestContext.WriteLine($"full precision {original}, nearest {before}, hardened {aside}, rounded anew {after}");
        Assert.IsGreaterThanOrEqualTo(90.0, before.AttackSuccess);
        Assert.IsLessThanOrEqualTo(Math.Max(5, original.AttackSuccess), after.AttackSuccess);
        Assert.IsGreaterThanOrEqualTo(original.CleanAccuracy - 1, after.CleanAccuracy);
        Assert.AreEqual(aside.AttackSuccess, after.AttackSuccess, 2);

        Assert.IsEmpty(actual.Skipped);
        Assert.HasCount(expected.Layers.Count, actual.Layers);
        foreach (var (a, b) in expected.Layers.Zip(actual.Layers))
        {
            Assert.AreEqual(a.Name, b.Name);
            Assert.AreEqual(a.ActivationErrorNearest, b.ActivationErrorNearest, 0.05 * a.ActivationErrorNearest, a.Name);
            Assert.AreEqual(a.ActivationError, b.ActivationError, 0.1 * a.ActivationErrorNearest, a.Name);
        }
    }

    [TestMethod]
    public void By_nothing_else_than_the_solver()
    {
        using var folder = new TemporaryFolder();
        var (nearest, again) = (folder.File("nearest.onnx"), folder.File("again.onnx"));
        var source = TestData.Fixture("shapes-qcb-int8.onnx");
        Run(new HardenOptions(source, nearest, Calibration) { Solver = Solver.Nearest });
        var report = Run(new HardenOptions(nearest, again, Calibration) { SourcePath = source, Solver = Solver.Nearest });
        Assert.IsTrue(report.Layers.All(l => l.Found is { Nearest: 1, Changed: 0 }));
        CollectionAssert.AreEqual(File.ReadAllBytes(nearest), File.ReadAllBytes(again));
    }

    private static CalibrationOptions Calibration => AttackMeasurement.Shapes.Calibration(TestData.Fixture("shapes-calibration.npz"));

    private HardenReport Run(HardenOptions options) => Harden.Run(options, cancellationToken: TestContext.CancellationToken);
}
