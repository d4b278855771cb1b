using System.Text.Json;

namespace Efrap.Cli.Tests.Processes;

[TestClass]
public sealed class ProcessTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-");

    [TestCleanup]
    public void Delete() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task Version_is_a_line()
    {
        var (code, output, error) = await EfrapProcess.Run(_folder.FullName, "--version");
        Assert.AreEqual(0, code);
        Assert.MatchesRegex(@"^\d+\.\d+\.\d+\S*\n$", output);
        Assert.AreEqual(string.Empty, error);
    }

    [TestMethod]
    public async Task Help_goes_to_standard_output()
    {
        var (code, output, error) = await EfrapProcess.Run(_folder.FullName, "harden", "--help");
        Assert.AreEqual(0, code);
        Assert.Contains("efrap harden <MODEL> [options]", output);
        Assert.DoesNotContain("\u001b", output);
        Assert.AreEqual(string.Empty, error);
    }

    [TestMethod]
    public async Task Wrong_usage_is_4()
    {
        var (code, output, error) = await EfrapProcess.Run(_folder.FullName, "harden", "m.onnx", "-o", "o.onnx", "-c", "c.npz", "--budget", "0");
        Assert.AreEqual(4, code);
        Assert.AreEqual(string.Empty, output);
        Assert.AreEqual("efrap: error EFRAP0003: --budget must be above 0 and at most 1, not 0.\n", error);
    }

    [TestMethod]
    public async Task A_request_with_an_unknown_key_is_2()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "request.json"), """{"version":2,"modls":[]}""");
        var (code, output, error) = await EfrapProcess.Run(_folder.FullName, "worker", "@request.json");
        Assert.AreEqual(2, code);
        Assert.AreEqual("EFRAP0003", JsonElement.Parse(output).GetProperty("code").GetString());
        Assert.AreEqual(string.Empty, error);
    }
}
