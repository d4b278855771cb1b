namespace Efrap.Cli.Tests.Settings;

[TestClass]
public sealed class InvalidSettingTests
{
    [TestMethod]
    [DataRow("--budget", "0")]
    [DataRow("--budget", "-0.5")]
    [DataRow("--budget", "1.01")]
    [DataRow("--budget", "NaN")]
    [DataRow("--budget", "half")]
    [DataRow("--budget", "")]
    [DataRow("--budget", "0,5")]
    [DataRow("--precision", "int9")]
    [DataRow("--precision", "INT8")]
    [DataRow("--granularity", "per-row")]
    [DataRow("--granularity", "PerTensor")]
    [DataRow("--solver", "sgd")]
    [DataRow("--samples", "0")]
    [DataRow("--samples", "-1")]
    [DataRow("--samples", "1.5")]
    [DataRow("--samples", "99999999999")]
    [DataRow("--threads", "-1")]
    [DataRow("--calibration-scale", "0")]
    [DataRow("--calibration-scale", "1/0")]
    [DataRow("--calibration-scale", "1/2/3")]
    [DataRow("--calibration-scale", "/")]
    [DataRow("--calibration-scale", "1e999")]
    [DataRow("--calibration-mean", "1,,2")]
    [DataRow("--calibration-mean", "1;2")]
    [DataRow("--calibration-std", "0.2,0")]
    [DataRow("--output", "models/../models/model.onnx")]
    [DataRow("--output", "samples.npz")]
    [DataRow("--output", " ")]
    [DataRow("--output", ".")]
    [DataRow("--report", "out.onnx")]
    [DataRow("--report", "./models/model.onnx")]
    public void A_value_that_breaks_a_rule_is_one_line_and_usage(string option, string value)
    {
        using var front = new Front();
        var arguments = new List<string> { "harden", "models/model.onnx" };
        foreach (var (name, text) in new Dictionary<string, string>
        { ["--output"] = "out.onnx", ["--calibration"] = "samples.npz", [option] = value })
        {
            arguments.AddRange([name, text]);
        }

        Assert.AreEqual(ExitCode.Usage, front.Run([.. arguments]));
        Assert.StartsWith("efrap: error EFRAP0003: " + option, front.ErrorLines.Single());
        Assert.AreEqual(string.Empty, front.Output);
        Assert.IsEmpty(front.Engine.Calls);
    }
}
