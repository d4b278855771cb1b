using Efrap.Cli.Terminal;
using Efrap.Core;

namespace Efrap.Cli.Tests.Terminal;

[TestClass]
public sealed class AuditLinesTests
{
    [TestMethod]
    public void Steps_and_lattices_are_said_at_once_and_what_goes_on_every_five_seconds()
    {
        var time = new ManualTime();
        using var output = new StringWriter { NewLine = "\n" };
        var lines = new AuditLines(new AuditOptions("folder/m.onnx"), time, output);
        lines.Report(new("reading", null, 0));
        lines.Report(new("reading", null, 0));
        foreach (var (lattice, begin) in new[] { ("int8-per-channel", 0.0), ("int4-per-channel", 0.5) })
        {
            for (var i = 0; i < 10; i++)
            {
                lines.Report(new("trigger inversion", lattice, begin + (i / 20.0)));
                time.Advance(1);
            }
        }

        Assert.AreEqual(
            """
            m.onnx: reading, 0 %
            m.onnx: trigger inversion on int8-per-channel, 0 %
            m.onnx: trigger inversion on int8-per-channel, 25 %
            m.onnx: trigger inversion on int4-per-channel, 50 %
            m.onnx: trigger inversion on int4-per-channel, 75 %

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }
}
