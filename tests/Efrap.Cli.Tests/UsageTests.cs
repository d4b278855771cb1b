namespace Efrap.Cli.Tests;

[TestClass]
public sealed class UsageTests
{
    [TestMethod]
    [DataRow("harden", "--output")]
    [DataRow("harden", "--calibration")]
    [DataRow("harden", "MODEL")]
    [DataRow("harden m.onnx -o a -c b --bogus", "--bogus")]
    [DataRow("harden m.onnx -o a -c b more", "more")]
    [DataRow("harden m.onnx -o a -c b --budget 0.1 --budget 0.2", "--budget")]
    [DataRow("harden m.onnx -o a -c b --budget", "--budget")]
    [DataRow("hardn", "hardn")]
    [DataRow("worker", "@request.json")]
    public void A_command_line_that_cannot_be_parsed_is_one_line_and_usage(string arguments, string named)
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Usage, front.Run(arguments.Split(' ')));
        Assert.StartsWith("efrap: error: ", front.ErrorLines.Single());
        Assert.Contains(named, front.Error);
        Assert.Contains("--help", front.Error);
        Assert.AreEqual(string.Empty, front.Output);
        Assert.IsEmpty(front.Engine.Calls);
    }

    [TestMethod]
    public void Without_a_verb_the_help_is_shown_and_it_is_usage()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Usage, front.Run());
        Assert.Contains("harden", front.Output);
        Assert.AreEqual(string.Empty, front.Error);
    }

    [TestMethod]
    public void Help_shows_every_option_and_examples()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Run("harden", "--help"));
        foreach (var option in new[]
                 {
                     "--output", "--calibration", "--calibration-scale", "--calibration-mean", "--calibration-std", "--samples",
                     "--precision <int8|int8-weights|int4-weights>", "--granularity <per-channel|per-tensor>",
                     "--budget", "--solver <budget|nearest>", "--threads", "--report",
                     "Examples:", "--calibration-scale 1/255", "Exit codes:",
                 })
        {
            Assert.Contains(option, front.Output);
        }
    }

    [TestMethod]
    public void The_examples_of_the_help_parse()
    {
        using var help = new Front();
        help.Run("harden", "--help");
        var examples = help.Output.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("efrap harden m", StringComparison.Ordinal) || line.StartsWith("efrap harden r", StringComparison.Ordinal))
            .ToList();
        Assert.HasCount(5, examples);
        foreach (var example in examples)
        {
            using var front = new Front();
            Assert.AreEqual(ExitCode.Clean, front.Run(example.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]), front.Error);
        }
    }

    [TestMethod]
    public void The_worker_is_not_in_the_help()
    {
        using var front = new Front();
        front.Run("--help");
        Assert.DoesNotContain("worker", front.Output);
    }
}
