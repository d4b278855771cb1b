using Efrap.Core.Quantization;

namespace Efrap.Cli.Tests.Settings;

[TestClass]
public sealed class PaperSettingTests
{
    [TestMethod]
    public void Decides_precision_and_number_of_samples()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Harden("--setting", "paper"), front.Error);
        var options = front.Engine.Calls.Single();
        Assert.AreEqual(Precision.W4A4, options.Precision);
        Assert.AreEqual(1024, options.Calibration.Samples);
    }

    [TestMethod]
    public void Leaves_a_number_of_samples_that_is_given()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Harden("--setting", "paper", "--samples", "64"), front.Error);
        Assert.AreEqual(64, front.Engine.Calls.Single().Calibration.Samples);
    }

    [TestMethod]
    [DataRow("--precision", "int8")]
    [DataRow("--granularity", "per-tensor")]
    public void Refuses_what_it_decides_itself(string option, string value)
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Usage, front.Harden("--setting", "paper", option, value));
        Assert.AreEqual($"efrap: error EFRAP0003: {option} means nothing with --setting paper, which decides it; remove it.", front.ErrorLines.Single().Split(" See ")[0]);
        Assert.IsEmpty(front.Engine.Calls);
    }

    [TestMethod]
    public void Is_the_only_one()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Usage, front.Harden("--setting", "default"));
        Assert.StartsWith("efrap: error EFRAP0003: --setting must be paper, not 'default'.", front.ErrorLines.Single());
    }

    // A model in the paper's setting is there to be measured: nothing that ships models can ask for it.
    [TestMethod]
    public void Is_no_precision_of_its_own()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Usage, front.Harden("--precision", "w4a4"));
        Assert.StartsWith("efrap: error EFRAP0003: --precision must be", front.ErrorLines.Single());
    }
}
