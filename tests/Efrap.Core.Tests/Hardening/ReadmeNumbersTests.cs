using System.Globalization;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Hardening;

/// <summary>What the README claims of the fixtures is what is measured, to a point: processors differ in the last bit.</summary>
[TestClass]
public sealed class ReadmeNumbersTests
{
    private const double Tolerance = 1;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("shapes, clean, int8", "shapes-clean.onnx", Precision.Int8)]
    [DataRow("shapes, clean, int4-weights", "shapes-clean.onnx", Precision.Int4Weights)]
    [DataRow("shapes, backdoor for int8", "shapes-qcb-int8.onnx", Precision.Int8)]
    [DataRow("shapes, backdoor for int4-weights", "shapes-qcb-int4.onnx", Precision.Int4Weights)]
    public void A_row_of_the_table(string row, string model, Precision precision)
    {
        var cells = File.ReadLines(Path.Combine(TestData.Repository, "README.md"))
            .Single(line => line.StartsWith($"| {row} |", StringComparison.Ordinal))
            .Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        AssertCell(cells[1], TestData.Fixture(model));
        using var folder = new TemporaryFolder();
        AssertCell(cells[2], Hardened(folder, model, precision, Solver.Nearest));
        AssertCell(cells[3], Hardened(folder, model, precision, Solver.Budget));
    }

    private static void AssertCell(string cell, string model)
    {
        var claimed = cell.Replace("*", string.Empty, StringComparison.Ordinal).Split('/').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var (accuracy, success) = AttackMeasurement.Shapes.Measure(model);

        Assert.AreEqual(claimed[0], accuracy, Tolerance);
        Assert.AreEqual(claimed[1], success, Tolerance);
    }

    private string Hardened(TemporaryFolder folder, string model, Precision precision, Solver solver)
    {
        var output = folder.File($"{solver}.onnx");
        Harden.Run(
            new HardenOptions(TestData.Fixture(model), output, AttackMeasurement.Shapes.Calibration(TestData.Fixture("shapes-calibration.npz")))
            {
                Precision = precision,
                Solver = solver,
            },
            cancellationToken: TestContext.CancellationToken);
        return output;
    }
}
