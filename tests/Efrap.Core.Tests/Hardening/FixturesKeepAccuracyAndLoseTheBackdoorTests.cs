using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Hardening;

[TestClass]
public sealed class FixturesKeepAccuracyAndLoseTheBackdoorTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("shapes-clean.onnx", Precision.Int8)]
    [DataRow("shapes-clean.onnx", Precision.Int8Weights)]
    [DataRow("shapes-clean.onnx", Precision.Int4Weights)]
    [DataRow("shapes-qcb-int8.onnx", Precision.Int8)]
    [DataRow("shapes-qcb-int8.onnx", Precision.Int8Weights)]
    [DataRow("shapes-qcb-int4.onnx", Precision.Int4Weights)]
    public void Hardened(string model, Precision precision)
    {
        var original = AttackMeasurement.Shapes.Measure(TestData.Fixture(model));
        var hardened = HardenAndMeasure(model, precision, Solver.Budget);

        Assert.IsGreaterThanOrEqualTo(original.CleanAccuracy - 1, hardened.CleanAccuracy);
        Assert.IsLessThanOrEqualTo(Math.Max(5, original.AttackSuccess), hardened.AttackSuccess);
    }

    [TestMethod]
    [DataRow("shapes-qcb-int8.onnx", Precision.Int8)]
    [DataRow("shapes-qcb-int8.onnx", Precision.Int8Weights)]
    [DataRow("shapes-qcb-int4.onnx", Precision.Int4Weights)]
    public void Asleep_in_full_precision_and_awake_after_nearest_rounding(string model, Precision precision)
    {
        var asleep = AttackMeasurement.Shapes.Measure(TestData.Fixture(model));
        var awake = HardenAndMeasure(model, precision, Solver.Nearest);

        Assert.IsGreaterThanOrEqualTo(90.0, asleep.CleanAccuracy);
        Assert.IsLessThanOrEqualTo(10.0, asleep.AttackSuccess);
        Assert.IsGreaterThanOrEqualTo(90.0, awake.AttackSuccess);
    }

    private (double CleanAccuracy, double AttackSuccess) HardenAndMeasure(string model, Precision precision, Solver solver)
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("hardened.onnx");
        Harden.Run(
            new HardenOptions(TestData.Fixture(model), output, AttackMeasurement.Shapes.Calibration(TestData.Fixture("shapes-calibration.npz")))
            {
                Precision = precision,
                Solver = solver,
            },
            cancellationToken: TestContext.CancellationToken);
        var measured = AttackMeasurement.Shapes.Measure(output);
        TestContext.WriteLine(
            $"{model} {HardenSettings.Spell(precision)} {solver.Name}: clean accuracy {measured.CleanAccuracy:F2} %, "
            + $"attack success {measured.AttackSuccess:F2} %");
        return measured;
    }
}
