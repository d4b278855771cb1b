using System.Text.Json;

namespace Efrap.Cli.Tests;

[TestClass]
public sealed class AuditTests
{
    [TestMethod]
    public void A_clean_model_passes_on_every_lattice()
    {
        using var front = new Front();
        Assert.AreEqual(0, front.Run("audit", Fixture("shapes-clean.onnx")), front.Error);
        Assert.AreEqual(4, front.OutputLines.Count(l => l.StartsWith("lattice-residual ", StringComparison.Ordinal) && l.Contains("  pass  ", StringComparison.Ordinal)), front.Output);
        Assert.StartsWith("PASS: ", front.OutputLines[^1]);
    }

    [TestMethod]
    public void A_backdoored_model_fails_where_its_weights_crowd_the_edges_of_rounding()
    {
        using var front = new Front();
        Assert.AreEqual(1, front.Run("audit", Fixture("shapes-qcb-int8.onnx"), "--precision", "int8"), front.Output + front.Error);
        Assert.StartsWith("FAIL: ", front.OutputLines[^1]);
    }

    [TestMethod]
    public void The_report_says_the_same_for_machines()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var front = new Front();
            front.Run("audit", Fixture("shapes-clean.onnx"), "--lattice", "int4-per-channel", "--report", path);
            using var report = JsonDocument.Parse(File.ReadAllText(path));
            var root = report.RootElement;
            Assert.AreEqual("shapes-clean.onnx", root.GetProperty("model").GetString());
            Assert.AreEqual("Pass", root.GetProperty("verdict").GetString());
            var indicator = root.GetProperty("indicators").EnumerateArray().First(i => i.GetProperty("name").GetString() == "lattice-residual");
            Assert.AreEqual("int4-per-channel", indicator.GetProperty("lattice").GetString());
            Assert.IsLessThan(0.1, indicator.GetProperty("statistic").GetDouble());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    [DataRow("EFRAP0003: --lattice must be of int8-per-channel", "--lattice", "int2")]
    [DataRow("EFRAP0003: --precision and --lattice", "--lattice", "int8-per-channel", "--precision", "int8")]
    [DataRow("EFRAP0003: --calibration-scale means nothing without --calibration", "--calibration-scale", "1/255")]
    [DataRow("EFRAP0003: --placebos must be from 1 to 999, not 0", "--placebos", "0")]
    [DataRow("EFRAP0003: --probe-time must be 0 or more, not -1", "--probe-time", "-1")]
    [DataRow("EFRAP0003: --deep needs --calibration", "--deep")]
    [DataRow("EFRAP0008: --deep needs the Torch tier", "--deep", "--calibration", "samples.npz")]
    public void Wrong_settings_are_named(string message, params string[] more)
    {
        using var front = new Front();
        var exitCode = front.Run(["audit", Fixture("shapes-clean.onnx"), .. more]);
        Assert.IsGreaterThan(1, exitCode);
        StringAssert.Contains(front.ErrorLines.Single(), message);
    }

    private static string Fixture(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var path = Path.Combine(folder, "tests", "fixtures", name);
            if (File.Exists(path))
                return path;
        }

        throw new FileNotFoundException(name);
    }
}
