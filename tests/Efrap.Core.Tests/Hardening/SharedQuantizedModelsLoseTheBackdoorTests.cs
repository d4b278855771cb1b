namespace Efrap.Core.Tests.Hardening;

[TestClass]
public sealed class SharedQuantizedModelsLoseTheBackdoorTests
{
    public TestContext TestContext { get; set; } = null!;

    // The last two columns bound what is measured: clean accuracy from below, attack success from above, in percent. Dynamically
    // quantized, the attack may succeed as often as in full precision (10.67), and one percent more.
    [TestMethod]
    [DataRow("pq-int8.ort-qdq", "pq-int8", 73.55, 5.0)]
    [DataRow("pq-int8.ort-qoperator", "pq-int8", 73.55, 5.0)]
    [DataRow("pq-int8.ort-dynamic", "pq-int8", 73.55, 11.67)]
    [DataRow("clean.ort-qdq", "clean", 78.65, 5.0)]
    [DataRow("clean.ort-qoperator", "clean", 78.65, 5.0)]
    [DataRow("clean.ort-dynamic", "clean", 78.65, 5.0)]
    [DataRow("pq-int4.nearest-int4", "pq-int4", 75.65, 5.0)]
    public void Rounded_anew_beside_their_source(string model, string source, double leastAccuracy, double mostSuccess)
    {
        var attack = AttackMeasurement.Cifar10;
        var quantized = TestData.Shared($"models/cifar10-resnet8-{model}.onnx");
        using var folder = new TemporaryFolder();
        var output = folder.File("hardened.onnx");
        var report = Harden.Run(
            new HardenOptions(quantized, output, attack.Calibration(TestData.Shared("data/cifar10-calibration.npz")))
            {
                SourcePath = TestData.Shared($"models/cifar10-resnet8-{source}.onnx"),
            },
            cancellationToken: TestContext.CancellationToken);
        var before = attack.Measure(quantized);
        var after = attack.Measure(output);
        TestContext.WriteLine(
            $"{model}: clean accuracy {before.CleanAccuracy:F2} to {after.CleanAccuracy:F2} %, attack success {before.AttackSuccess:F2} to "
            + $"{after.AttackSuccess:F2} %, {report.Layers.Count} layers");
        foreach (var layer in report.Layers)
            TestContext.WriteLine($"  {layer.Name}: flips {layer.Flips:P1}, A ratio {layer.Ratio:F3}, {layer.Found}");

        Assert.IsEmpty(report.Skipped, string.Join("; ", report.Skipped.Select(s => s.Reason)));
        Assert.IsGreaterThanOrEqualTo(leastAccuracy, after.CleanAccuracy);
        Assert.IsLessThanOrEqualTo(mostSuccess, after.AttackSuccess);
    }
}
