using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Calibration;

namespace Efrap.Cli.Tests.Terminal;

[TestClass]
public sealed class ProgressLinesTests
{
    private static readonly HardenOptions Options = new("folder/m.onnx", "o.onnx", new CalibrationOptions("c.npz"));

    [TestMethod]
    public void Layers_are_throttled_and_steps_are_not()
    {
        var time = new ManualTime();
        using var output = new StringWriter { NewLine = "\n" };
        var lines = new ProgressLines(new HardenRun(Options, time), output);
        lines.Report(new("reading", null, 0, 0, TimeSpan.Zero));
        lines.Report(new("measuring", null, 0, 100, TimeSpan.Zero));
        for (var i = 1; i <= 100; i++)
        {
            time.Advance(0.2);
            lines.Report(new("layer", $"layer{i}", i, 100, TimeSpan.FromSeconds(0.2)));
        }

        lines.Report(new("writing", null, 100, 100, TimeSpan.Zero));
        Assert.AreEqual(
            """
            m.onnx: reading
            m.onnx: measuring
            m.onnx: 25 of 100 layers, about 15 s left
            m.onnx: 50 of 100 layers, about 10 s left
            m.onnx: 75 of 100 layers, about 5 s left
            m.onnx: 100 of 100 layers, under 1 s left
            m.onnx: writing

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }

    [TestMethod]
    public void A_step_that_goes_on_is_said_once()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var lines = new ProgressLines(new HardenRun(Options, new ManualTime()), output);
        for (var i = 0; i < 10; i++)
            lines.Report(new("measuring", null, 0, 4, TimeSpan.Zero));
        Assert.AreEqual("m.onnx: measuring\n", output.ToString());
    }
}
