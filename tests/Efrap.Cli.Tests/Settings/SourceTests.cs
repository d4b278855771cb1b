namespace Efrap.Cli.Tests.Settings;

/// <summary>The full-precision source of a quantized model, and what it leaves nothing to say about.</summary>
[TestClass]
public sealed class SourceTests
{
    [TestMethod]
    public void Is_handed_to_the_engine()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Harden("--source", "source.onnx", "--solver", "nearest"), front.Error);
        Assert.AreEqual("source.onnx", front.Engine.Calls.Single().SourcePath);
        Assert.AreEqual("nearest", front.Engine.Calls.Single().Solver.Name);
    }

    [TestMethod]
    [DataRow("--precision means nothing with --source: the quantized model decides it; remove it.", "--precision", "int8")]
    [DataRow("--precision means nothing with --source", "--precision", "int4-weights")]
    [DataRow("--granularity means nothing with --source", "--granularity", "per-channel")]
    [DataRow("--setting means nothing with --source", "--setting", "paper")]
    [DataRow("--solver paper does not round the integers of a quantized model; with --source it must be budget or nearest.", "--solver", "paper")]
    [DataRow("--solver paper-gram does not round", "--solver", "paper-gram")]
    [DataRow("--output names a file that is read, 'source.onnx'", "--output", "source.onnx")]
    [DataRow("--report names a file that is read, 'source.onnx'", "--report", "source.onnx")]
    public void What_the_file_decides_cannot_be_set(string message, string option, string value)
    {
        using var front = new Front();
        var arguments = new List<string> { "harden", "model.onnx", "--source", "source.onnx" };
        foreach (var (name, text) in new Dictionary<string, string> { ["--output"] = "out.onnx", ["--calibration"] = "samples.npz", [option] = value })
            arguments.AddRange([name, text]);

        Assert.AreEqual(ExitCode.Usage, front.Run([.. arguments]));
        Assert.StartsWith("efrap: error EFRAP0003: " + message, front.ErrorLines.Single());
        Assert.IsEmpty(front.Engine.Calls);
    }

    [TestMethod]
    public void An_empty_source_is_named()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Usage, front.Harden("--source", ""));
        Assert.StartsWith("efrap: error EFRAP0003: --source must be a path", front.ErrorLines.Single());
    }
}
