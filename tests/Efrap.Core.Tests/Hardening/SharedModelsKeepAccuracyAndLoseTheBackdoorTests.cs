using Efrap.Core.Evidence;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Hardening;

[TestClass]
public sealed class SharedModelsKeepAccuracyAndLoseTheBackdoorTests
{
    public TestContext TestContext { get; set; } = null!;

    // The last two columns bound what is measured: clean accuracy from below, attack success from above, in percent.
    [TestMethod]
    [DataRow("cifar10-resnet8-pq-int8.onnx", Precision.Int8, 73.55, 5.0)]
    [DataRow("cifar10-resnet8-clean.onnx", Precision.Int8, 78.65, 5.0)]
    [DataRow("cifar10-resnet8-pq-int4.onnx", Precision.Int4Weights, 75.65, 5.0)]
    [DataRow("cifar10-resnet8-clean.onnx", Precision.Int4Weights, 77.8, 5.0)]
    public void Hardened(string model, Precision precision, double leastAccuracy, double mostSuccess)
    {
        var (accuracy, success) = HardenAndMeasure(model, precision, Solver.Budget);

        Assert.IsGreaterThanOrEqualTo(leastAccuracy, accuracy);
        Assert.IsLessThanOrEqualTo(mostSuccess, success);
    }

    // What the hardened models are compared with: nearest rounding wakes the backdoor, in the same file format.
    [TestMethod]
    [DataRow("cifar10-resnet8-pq-int8.onnx", Precision.Int8)]
    [DataRow("cifar10-resnet8-pq-int4.onnx", Precision.Int4Weights)]
    public void Rounded_to_nearest_the_backdoor_wakes(string model, Precision precision)
    {
        var (_, success) = HardenAndMeasure(model, precision, Solver.Nearest);

        Assert.IsGreaterThanOrEqualTo(95.0, success);
    }

    private (double CleanAccuracy, double AttackSuccess) HardenAndMeasure(string model, Precision precision, Solver solver)
    {
        var attack = AttackMeasurement.Cifar10;
        using var folder = new TemporaryFolder();
        var output = folder.File("hardened.onnx");
        HardenReport report = Harden.Run(
            new HardenOptions(TestData.Shared($"models/{model}"), output, attack.Calibration(TestData.Shared("data/cifar10-calibration.npz")))
            {
                Precision = precision,
                Solver = solver,
            },
            cancellationToken: TestContext.CancellationToken);
        Assert.AreEqual(1024, report.Samples);
        var measured = attack.Measure(output);
        TestContext.WriteLine(
            $"{model} {HardenSettings.Spell(precision)} {solver.Name}: clean accuracy {measured.CleanAccuracy:F2} %, "
            + $"attack success {measured.AttackSuccess:F2} %");
        return measured;
    }
}
