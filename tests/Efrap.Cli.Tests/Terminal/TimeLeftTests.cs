using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Calibration;

namespace Efrap.Cli.Tests.Terminal;

[TestClass]
public sealed class TimeLeftTests
{
    private readonly ManualTime _time = new();

    [TestMethod]
    public void It_is_unknown_until_a_layer_is_done()
    {
        var run = Start();
        Assert.IsNull(run.TimeLeft);
        _time.Advance(3);
        Assert.IsNull(run.TimeLeft);
    }

    [TestMethod]
    public void It_is_the_average_of_the_layers_done_for_each_layer_left()
    {
        var run = Start();
        Finish(run, 1, seconds: 1);
        Finish(run, 2, seconds: 3);
        Assert.AreEqual(TimeSpan.FromSeconds(2 * 2), run.TimeLeft);
    }

    [TestMethod]
    public void It_runs_down_while_a_layer_is_worked_on_and_never_below_zero()
    {
        var run = Start();
        Finish(run, 1, seconds: 2);
        _time.Advance(5);
        Assert.AreEqual(TimeSpan.FromSeconds(1), run.TimeLeft);
        _time.Advance(5);
        Assert.AreEqual(TimeSpan.Zero, run.TimeLeft);
    }

    [TestMethod]
    [DataRow(0.4, "under 1 s left")]
    [DataRow(42.0, "about 42 s left")]
    [DataRow(180.0, "about 3 min left")]
    [DataRow(7200.0, "about 2 h left")]
    public void It_is_spelt_no_finer_than_it_deserves(double seconds, string expected) =>
        Assert.AreEqual(expected, Durations.Left(TimeSpan.FromSeconds(seconds)));

    private HardenRun Start()
    {
        var run = new HardenRun(new HardenOptions("m.onnx", "o.onnx", new CalibrationOptions("c.npz")), _time);
        _time.Advance(10);
        run.Update(new HardenProgress("measuring", null, 0, 4, TimeSpan.Zero));
        return run;
    }

    private void Finish(HardenRun run, int done, double seconds)
    {
        _time.Advance(seconds);
        run.Update(new HardenProgress("layer", $"layer{done}", done, 4, TimeSpan.FromSeconds(seconds)));
    }
}
