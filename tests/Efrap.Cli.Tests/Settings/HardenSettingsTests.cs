using Efrap.Core;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Cli.Tests.Settings;

[TestClass]
public sealed class HardenSettingsTests
{
    [TestMethod]
    public void What_is_not_given_has_its_default()
    {
        var options = Parse();
        Assert.AreEqual("models/model.onnx", options.ModelPath);
        Assert.AreEqual("out.onnx", options.OutputPath);
        Assert.AreEqual("samples.npz", options.Calibration.Path);
        Assert.AreEqual(Precision.Int8, options.Precision);
        Assert.AreEqual(Granularity.PerChannel, options.Granularity);
        Assert.AreEqual(Solver.Budget, options.Solver);
        Assert.AreEqual(0.5, options.Budget);
        Assert.AreEqual(0, options.Threads);
        Assert.IsNull(options.ReportPath);
        Assert.IsNull(options.SourcePath);
        Assert.IsNull(options.Calibration.Samples);
        Assert.IsNull(options.Calibration.Scale);
        Assert.IsNull(options.Calibration.Mean);
        Assert.IsNull(options.Calibration.Std);
    }

    [TestMethod]
    [DataRow("int8", Precision.Int8)]
    [DataRow("int8-weights", Precision.Int8Weights)]
    [DataRow("int4-weights", Precision.Int4Weights)]
    public void Each_precision_can_be_chosen(string text, Precision expected) =>
        Assert.AreEqual(expected, Parse("--precision", text).Precision);

    [TestMethod]
    [DataRow("per-channel", Granularity.PerChannel)]
    [DataRow("per-tensor", Granularity.PerTensor)]
    public void Each_granularity_can_be_chosen(string text, Granularity expected) =>
        Assert.AreEqual(expected, Parse("--granularity", text).Granularity);

    [TestMethod]
    [DataRow("budget")]
    [DataRow("nearest")]
    public void Each_solver_can_be_chosen(string text) =>
        Assert.AreEqual(text, Parse("--solver", text).Solver.Name);

    [TestMethod]
    [DataRow("1/255", 1.0 / 255)]
    [DataRow("0.5", 0.5)]
    [DataRow("2e-3", 0.002)]
    [DataRow("-1.5/3", -0.5)]
    public void A_scale_is_a_decimal_or_a_fraction(string text, double expected) =>
        Assert.AreEqual(expected, Parse("--calibration-scale", text).Calibration.Scale);

    [TestMethod]
    public void Mean_and_standard_deviation_are_lists()
    {
        var calibration = Parse("--calibration-mean", "-0.5,1/4, 2", "--calibration-std", "0.25").Calibration;
        Assert.AreSequenceEqual([-0.5, 0.25, 2], calibration.Mean!);
        Assert.AreSequenceEqual([0.25], calibration.Std!);
    }

    [TestMethod]
    public void Numbers_and_the_report_are_taken_as_given()
    {
        var options = Parse("--samples", "16", "--budget", "1", "--threads", "3", "--report", "r.json");
        Assert.AreEqual(16, options.Calibration.Samples);
        Assert.AreEqual(1.0, options.Budget);
        Assert.AreEqual(3, options.Threads);
        Assert.AreEqual("r.json", options.ReportPath);
    }

    [TestMethod]
    public void Short_names_and_equals_signs_work()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Run("harden", "m.onnx", "-o=a.onnx", "-c", "s.npz", "--budget=0.25"));
        Assert.AreEqual("a.onnx", front.Engine.Calls.Single().OutputPath);
        Assert.AreEqual(0.25, front.Engine.Calls.Single().Budget);
    }

    private static HardenOptions Parse(params string[] more)
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Harden(more), front.Error);
        return front.Engine.Calls.Single();
    }
}
