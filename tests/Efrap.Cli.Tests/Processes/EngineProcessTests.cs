using System.Text.Json;

namespace Efrap.Cli.Tests.Processes;

[TestClass]
public sealed class EngineProcessTests
{
    private static readonly string[] Settings = ["--calibration", "c.npz", "--calibration-scale", "1/255"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-");

    [TestInitialize]
    public void Write()
    {
        SmallModel.Write(At("m.onnx"));
        SmallModel.WriteSamples(At("c.npz"));
    }

    [TestCleanup]
    public void Delete() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow("int8")]
    [DataRow("int8-weights")]
    [DataRow("int4-weights")]
    public async Task A_model_is_hardened_and_reported(string precision)
    {
        var (code, output, error) = await Harden("m.onnx", "out/o.onnx", "--precision", precision, "--report", "out/r.json");
        Assert.AreEqual(0, code, error);
        Assert.Contains("m.onnx: reading\n", output);
        Assert.Contains($"Wrote out/o.onnx: 1 layer in {precision}, 0 left in float, ", output);
        Assert.DoesNotContain("\u001b", output);
        var report = JsonElement.Parse(await File.ReadAllTextAsync(At("out/r.json")));
        Assert.AreEqual(precision, report.GetProperty("precision").GetString());
        Assert.AreEqual(16, report.GetProperty("samples").GetInt32());
        Assert.AreEqual(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(At("out/o.onnx")))),
            report.GetProperty("outputSha256").GetString());
        Assert.AreSequenceEqual(["o.onnx", "r.json"], Directory.GetFiles(At("out")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [TestMethod]
    public async Task A_model_is_inspected()
    {
        var (code, output, error) = await EfrapProcess.Run(_folder.FullName, "inspect", "m.onnx", "--json");
        Assert.AreEqual(0, code, error);
        var report = JsonElement.Parse(output);
        Assert.AreEqual(32, report.GetProperty("parameters").GetInt32());
        Assert.AreEqual("layer", report.GetProperty("layers")[0].GetProperty("name").GetString());
    }

    [TestMethod]
    public async Task A_missing_model_is_2_and_one_line()
    {
        var (code, output, error) = await Harden("missing.onnx", "o.onnx");
        Assert.AreEqual(2, code);
        Assert.MatchesRegex(@"^missing\.onnx: error EFRAP1001: [^\n]+\n$", error);
        Assert.AreEqual("missing.onnx: reading\n", output);
        Assert.IsFalse(File.Exists(At("o.onnx")));
    }

    [TestMethod]
    public async Task A_truncated_model_is_2_and_one_line()
    {
        var whole = await File.ReadAllBytesAsync(At("m.onnx"));
        await File.WriteAllBytesAsync(At("m.onnx"), whole[..^20]);
        var (code, _, error) = await Harden("m.onnx", "o.onnx");
        Assert.AreEqual(2, code);
        Assert.MatchesRegex(@"^m\.onnx: error EFRAP1002: [^\n]+\n$", error);
        Assert.IsFalse(File.Exists(At("o.onnx")));
    }

    [TestMethod]
    public async Task A_model_without_layers_is_3_and_one_line()
    {
        SmallModel.WriteWithoutLayers(At("m.onnx"));
        var (code, _, error) = await Harden("m.onnx", "o.onnx");
        Assert.AreEqual(3, code);
        Assert.MatchesRegex(@"^m\.onnx: error EFRAP2001: [^\n]+\n$", error);
        Assert.IsFalse(File.Exists(At("o.onnx")));
    }

    [TestMethod]
    public async Task The_worker_tries_every_model()
    {
        await File.WriteAllTextAsync(At("broken.onnx"), "not a model");
        await File.WriteAllTextAsync(
            At("request.json"),
            """
            {
              "version": 2,
              "models": [
                { "id": "a", "model": "broken.onnx", "output": "a.onnx", "precision": "int8", "calibration": "c.npz" },
                { "id": "b", "model": "m.onnx", "output": "b.onnx", "precision": "int8", "calibration": "c.npz", "calibrationScale": 0.004 }
              ]
            }
            """);
        var (code, output, error) = await EfrapProcess.Run(_folder.FullName, "worker", "@request.json");
        Assert.AreEqual(2, code);
        Assert.AreEqual(string.Empty, error);
        var answers = output.TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line)).ToList();
        var failed = answers.Single(a => a.GetProperty("type").GetString() == "message" && a.GetProperty("severity").GetString() == "error");
        Assert.AreEqual("a", failed.GetProperty("id").GetString());
        Assert.AreEqual("EFRAP1002", failed.GetProperty("code").GetString());
        var result = answers.Single(a => a.GetProperty("type").GetString() == "result");
        Assert.AreEqual("b", result.GetProperty("id").GetString());
        Assert.IsTrue(File.Exists(At("b.onnx")));
        Assert.IsFalse(File.Exists(At("a.onnx")));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private Task<(int ExitCode, string Output, string Error)> Harden(string model, string output, params string[] more) =>
        EfrapProcess.Run(_folder.FullName, ["harden", model, "--output", output, .. Settings, .. more]);
}
