using Efrap.Core;
using Spectre.Console;

namespace Efrap.Cli.Tests.Terminal;

[TestClass]
public sealed class TerminalOutputTests
{
    private static readonly string LongName = "/features/" + string.Concat(Enumerable.Repeat("block.0/", 15)) + "Conv";

    [TestMethod]
    [DataRow(60)]
    [DataRow(80)]
    [DataRow(120)]
    public void Tables_fit_the_terminal_and_keep_long_names_whole(int width)
    {
        var layer = Reports.TwoLayers.Layers[0] with { Name = LongName };
        using var front = new Front
        {
            Engine = new FakeEngine { Report = Reports.TwoLayers with { Layers = [layer, Reports.TwoLayers.Layers[1]] } },
            Terminal = output => Plain(output, width),
        };
        Assert.AreEqual(ExitCode.Clean, front.Harden());
        var table = front.OutputLines.Where(line => line.StartsWith('│')).ToList();
        Assert.IsNotEmpty(table);
        Assert.IsTrue(front.OutputLines.All(line => line.Length <= width), front.Output);
        var names = string.Concat(table.Select(line => line.Split('│')[1].Trim()));
        Assert.Contains(LongName, names);
    }

    [TestMethod]
    public void Square_brackets_in_names_are_text()
    {
        var layer = Reports.TwoLayers.Layers[0] with { Name = "a[red]b[/]c[0]" };
        using var front = new Front
        {
            Engine = new FakeEngine { Report = Reports.TwoLayers with { Layers = [layer] } },
            Terminal = output => Plain(output, 100),
        };
        Assert.AreEqual(ExitCode.Clean, front.Harden());
        Assert.Contains("a[red]b[/]c[0]", front.Output);
    }

    [TestMethod]
    public void The_bar_shows_the_layers_and_is_gone_afterwards()
    {
        using var front = new Front { Terminal = output => Ansi(output, 100), Engine = new FakeEngine { AfterProgress = () => Thread.Sleep(250) } };
        Assert.AreEqual(ExitCode.Clean, front.Harden());
        Assert.Contains("reading", front.Output);
        Assert.Contains("1/2", front.Output);
        Assert.Contains("conv1", front.Output);
        Assert.Contains("left", front.Output);
        var hidden = front.Output.LastIndexOf("\u001b[?25l", StringComparison.Ordinal);
        Assert.IsGreaterThan(hidden, front.Output.LastIndexOf("\u001b[?25h", StringComparison.Ordinal), "the cursor is shown again");
    }

    [TestMethod]
    public void The_bar_of_a_release_shows_the_files()
    {
        using var front = new Front
        {
            Terminal = output => Ansi(output, 100),
            VerifyRelease = (_, progress, _) =>
            {
                progress!.Report(new ReleaseProgress("Library.dll", 1, 2));
                Thread.Sleep(250);
                return Reports.Release;
            },
        };
        Assert.AreEqual(ExitCode.Failed, front.Run("verify", Path.GetTempPath()));
        Assert.Contains("1 of 2 files", front.Output);
        Assert.Contains("Library.dll", front.Output);
        Assert.Contains("FAILED: 1 problem in 2 models.", front.Output);
    }

    [TestMethod]
    public void The_bar_of_a_verification_shows_the_layers_and_is_gone_afterwards()
    {
        using var front = new Front { Terminal = output => Ansi(output, 100), Engine = new FakeEngine { AfterProgress = () => Thread.Sleep(250) } };
        Assert.AreEqual(ExitCode.Failed, front.Run("verify", "models/model.int8.onnx"));
        Assert.Contains("reading", front.Output);
        Assert.Contains("1/2", front.Output);
        Assert.Contains("conv1", front.Output);
        Assert.DoesNotContain("model.int8.onnx: ", front.Output, "no plain lines");
        var hidden = front.Output.LastIndexOf("\u001b[?25l", StringComparison.Ordinal);
        Assert.IsGreaterThan(hidden, front.Output.LastIndexOf("\u001b[?25h", StringComparison.Ordinal), "the cursor is shown again");
    }

    [TestMethod]
    public void The_bar_of_an_audit_shows_step_share_and_lattice_and_is_gone_afterwards()
    {
        using var front = new Front
        {
            Terminal = output => Ansi(output, 100),
            Audit = (_, progress, _) =>
            {
                progress!.Report(new AuditProgress("reading", null, 0));
                Thread.Sleep(250);
                progress.Report(new AuditProgress("trigger inversion", "int4-per-channel", 0.25));
                Thread.Sleep(250);
                return Reports.Audit;
            },
        };
        Assert.AreEqual(ExitCode.Clean, front.Run("audit", "models/model.onnx"));
        Assert.Contains("reading", front.Output);
        Assert.Contains("trigger inversion", front.Output);
        Assert.Contains("25 %", front.Output);
        Assert.Contains("int4-per-channel", front.Output);
        Assert.DoesNotContain("model.onnx: ", front.Output, "no plain lines");
        var hidden = front.Output.LastIndexOf("\u001b[?25l", StringComparison.Ordinal);
        Assert.IsGreaterThan(hidden, front.Output.LastIndexOf("\u001b[?25h", StringComparison.Ordinal), "the cursor is shown again");
    }

    [TestMethod]
    public void A_failure_below_the_bar_is_one_line()
    {
        using var front = new Front
        {
            Terminal = output => Ansi(output, 100),
            Engine = new FakeEngine { Failure = o => new EfrapException(EfrapCode.ModelUnreadable, "cut short.", o.ModelPath) },
        };
        Assert.AreEqual(ExitCode.Error, front.Harden());
        Assert.AreEqual("models/model.onnx: error EFRAP1002: cut short.", front.ErrorLines.Single());
    }

    private static IAnsiConsole Plain(TextWriter output, int width) => Create(output, width, AnsiSupport.No, InteractionSupport.No);

    private static IAnsiConsole Ansi(TextWriter output, int width) => Create(output, width, AnsiSupport.Yes, InteractionSupport.Yes);

    private static IAnsiConsole Create(TextWriter output, int width, AnsiSupport ansi, InteractionSupport interactive)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = interactive,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
