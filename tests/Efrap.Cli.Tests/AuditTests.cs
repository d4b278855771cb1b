using System.Security.Cryptography;
using System.Text.Json;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Policies;
using Efrap.Core.Rounding;
using Efrap.Core.Tests;

namespace Efrap.Cli.Tests;

[TestClass]
public sealed class AuditTests
{
    [TestMethod]
    public void A_clean_model_passes_on_every_lattice()
    {
        using var front = new Front();
        Assert.AreEqual(0, front.Run("audit", TestData.Fixture("shapes-clean.onnx")), front.Error);
        Assert.AreEqual(4, front.OutputLines.Count(l => l.StartsWith("lattice-residual ", StringComparison.Ordinal) && l.Contains("  pass  ", StringComparison.Ordinal)), front.Output);
        Assert.IsTrue(front.OutputLines.Any(l => l.Contains("warning EFRAP3001: there is no calibration data", StringComparison.Ordinal)), front.Output);
        Assert.StartsWith("WARN: no sign of a quantization-conditioned backdoor", front.OutputLines[^1]);
    }

    [TestMethod]
    public void A_backdoored_model_fails_where_its_weights_crowd_the_edges_of_rounding()
    {
        using var front = new Front();
        Assert.AreEqual(1, front.Run("audit", TestData.Fixture("shapes-qcb-int8.onnx"), "--precision", "int8"), front.Output + front.Error);
        Assert.StartsWith("FAIL: ", front.OutputLines[^1]);
    }

    [TestMethod]
    public void The_report_says_the_same_for_machines()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var front = new Front();
            front.Run("audit", TestData.Fixture("shapes-clean.onnx"), "--lattice", "int4-per-channel", "--report", path);
            using var report = JsonDocument.Parse(File.ReadAllText(path));
            var root = report.RootElement;
            Assert.AreEqual("shapes-clean.onnx", root.GetProperty("model").GetString());
            Assert.AreEqual("Warn", root.GetProperty("verdict").GetString());
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
    [DataRow("EFRAP0003: --lattice must be of as-quantized, int8-per-channel", "--lattice", "int2")]
    [DataRow("EFRAP0003: --precision and --lattice", "--lattice", "int8-per-channel", "--precision", "int8")]
    [DataRow("EFRAP0003: --calibration-scale means nothing without --calibration", "--calibration-scale", "1/255")]
    [DataRow("EFRAP0003: --placebos must be from 1 to 999, not 0", "--placebos", "0")]
    [DataRow("EFRAP0003: --probe-time must be 0 or more, not -1", "--probe-time", "-1")]
    [DataRow("EFRAP0003: --deep needs --calibration", "--deep")]
    [DataRow("EFRAP0003: --sarif-root means nothing without --sarif", "--sarif-root", ".")]
    [DataRow("EFRAP0003: --sarif-root must be a path", "--sarif", "a.sarif", "--sarif-root", " ")]
    [DataRow("EFRAP0003: --html must be a path", "--html", " ")]
    [DataRow("EFRAP0003: --statement names a folder, '.'", "--statement", ".")]
    [DataRow("EFRAP0003: --sarif names a file that is read, 'samples.npz'", "--calibration", "samples.npz", "--sarif", "samples.npz")]
    [DataRow("EFRAP0003: --statement and --report name the same file, './a'", "--report", "a", "--html", "b", "--statement", "./a")]
    [DataRow("EFRAP0003: --statement and --sarif name the same file, 'c'", "--report", "a", "--sarif", "c", "--statement", "c")]
    [DataRow("EFRAP0008: --deep needs the Torch tier", "--deep", "--calibration", "samples.npz")]
    public void Wrong_settings_are_named(string message, params string[] more)
    {
        using var front = new Front();
        var exitCode = front.Run(["audit", TestData.Fixture("shapes-clean.onnx"), .. more]);
        Assert.IsGreaterThan(1, exitCode);
        StringAssert.Contains(front.ErrorLines.Single(), message);
    }

    [TestMethod]
    [DataRow("EFRAP0003: --threshold must be an indicator's name, '=' and a value, not 'agreement'", "--threshold", "agreement")]
    [DataRow("EFRAP0003: --threshold must have a value above 0, not 0", "--threshold", "agreement=0")]
    [DataRow("EFRAP0003: --severity names 'agree'; the indicators are lattice-residual", "--severity", "agree=fail")]
    [DataRow("EFRAP0003: --severity must be one of pass, warn, fail, not 'error'", "--severity", "agreement=error")]
    [DataRow("EFRAP0003: --profile must be one of default, strict, not 'lax'", "--profile", "lax")]
    [DataRow("EFRAP0003: --policy and --no-policy contradict each other", "--policy", "p.json", "--no-policy")]
    [DataRow("p.json: error EFRAP0009: the policy cannot be read: there is no such file", "--policy", "p.json")]
    public void Wrong_policies_are_named(string message, params string[] more)
    {
        using var front = new Front();
        Assert.AreEqual(4, front.Run(["audit", TestData.Fixture("shapes-clean.onnx"), .. more]));
        StringAssert.Contains(front.ErrorLines.Single(), message);
    }

    [TestMethod]
    public void A_waiver_lets_a_failing_model_pass_until_it_expires()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var front = new Front();
            var model = TestData.Fixture("shapes-qcb-int8.onnx");
            var waiver = new Waiver(
                Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model))), "lattice-residual", "known", "R. Viewer", DateOnly.FromDateTime(front.Time.GetUtcNow().UtcDateTime));
            File.WriteAllText(path, JsonSerializer.Serialize(new { waivers = new[] { waiver } }, JsonSerializerOptions.Web));
            Assert.AreEqual(0, front.Run("audit", model, "--policy", path), front.Error);
            Assert.IsTrue(front.OutputLines.Any(l => l.StartsWith("lattice-residual  ", StringComparison.Ordinal) && l.Contains("  waived  ", StringComparison.Ordinal)), front.Output);
            Assert.StartsWith("WARN: this model failed, and a waiver accepts that", front.OutputLines[^1]);

            front.Time.Advance(seconds: 24 * 60 * 60);
            Assert.AreEqual(1, front.Run("audit", model, "--policy", path), front.Error);
            Assert.IsTrue(front.OutputLines.Any(l => l.Contains("shapes-qcb-int8.onnx: error EFRAP3101: ", StringComparison.Ordinal) && l.Contains(" expired on ", StringComparison.Ordinal)), front.Output);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Settings_override_the_policy()
    {
        using var front = new Front();
        Assert.AreEqual(1, front.Run("audit", TestData.Fixture("shapes-clean.onnx"), "--profile", "strict"), front.Output);
        Assert.StartsWith("FAIL: the policy asks for more than could be measured.", front.OutputLines[^1]);
        Assert.AreEqual(1, front.Run("audit", TestData.Fixture("shapes-clean.onnx"), "--threshold", "scale-outliers=1.1", "--severity", "scale-outliers=fail"), front.Output);
        Assert.IsTrue(front.OutputLines.Any(l => l.Contains("error EFRAP3102: scale-outliers", StringComparison.Ordinal)), front.Output);
        Assert.AreEqual(0, front.Run("audit", TestData.Fixture("shapes-qcb-int8.onnx"), "--severity", "lattice-residual=warn"), front.Output);
    }

    [TestMethod]
    [DataRow("as-quantized,int8-per-channel,int8-per-tensor,int4-per-channel,int4-per-tensor")]
    [DataRow("as-quantized,int4-per-channel,int4-per-tensor", "--precision", "int4-weights")]
    [DataRow("as-quantized", "--lattice", "as-quantized")]
    [DataRow("as-quantized,int4-per-tensor", "--lattice", "int4-per-tensor,as-quantized")]
    [DataRow("int8-per-tensor", "--lattice", "int8-per-tensor")]
    public void A_source_adds_the_models_own_lattice_to_those_asked_for(string lattices, params string[] more)
    {
        AuditOptions? asked = null;
        using var front = new Front
        {
            Audit = (options, _, _) =>
            {
                asked = options;
                throw new EfrapException(EfrapCode.Defect, "stop here");
            },
        };
        front.Run(["audit", "model.int8.onnx", "--source", "model.onnx", .. more]);
        Assert.AreEqual("model.onnx", asked!.SourcePath, front.Error);
        Assert.AreEqual(lattices, string.Join(',', asked.Lattices.Select(l => l.Name)));
    }

    [TestMethod]
    [DataRow("EFRAP0003: the lattice as-quantized is that of a quantized model", "--lattice", "as-quantized")]
    [DataRow("error EFRAP0003: a source was given, but this model is not quantized", "--source", "SELF")]
    [DataRow("error EFRAP0003: --report names a file that is read", "--source", "x.onnx", "--report", "x.onnx")]
    [DataRow("error EFRAP0003: --source must be a path", "--source", "")]
    public void Wrong_sources_are_named(string message, params string[] more)
    {
        using var front = new Front();
        var model = TestData.Fixture("shapes-clean.onnx");
        Assert.AreEqual(4, front.Run(["audit", model, .. more.Select(a => a == "SELF" ? model : a)]), front.Output);
        StringAssert.Contains(front.ErrorLines.Single(), message);
    }

    [TestMethod]
    public void Of_a_quantized_model_the_source_is_asked_for_and_its_integers_are_judged()
    {
        var folder = Directory.CreateTempSubdirectory("efrap-test-").FullName;
        try
        {
            var (source, output) = (TestData.Fixture("shapes-qcb-int8.onnx"), Path.Combine(folder, "nearest.onnx"));
            var calibration = new CalibrationOptions(TestData.Fixture("shapes-calibration.npz")) { Scale = 1 / 255.0, Mean = [0.5], Std = [0.25], Samples = 32 };
            Harden.Run(new HardenOptions(source, output, calibration) { Solver = Solver.Nearest });

            using var front = new Front();
            Assert.AreEqual(3, front.Run("audit", output));
            StringAssert.Contains(front.ErrorLines.Single(), "give that beside it as the source (--source)");
            Assert.AreEqual(1, front.Run("audit", output, "--source", source, "--lattice", "as-quantized"), front.Output);
            Assert.IsTrue(front.OutputLines.Any(l => l.StartsWith("lattice-residual  ", StringComparison.Ordinal) && l.Contains("  as-quantized  fail  ", StringComparison.Ordinal)), front.Output);
            Assert.AreEqual(2, front.Run("audit", output, "--source", TestData.Fixture("shapes-clean.onnx")), front.Output);
            StringAssert.Contains(front.ErrorLines[^1], "error EFRAP2005");
            StringAssert.Contains(front.ErrorLines[^1], "integers are neither the floor nor the ceiling of the weights in shapes-clean.onnx: it was made from another model");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
