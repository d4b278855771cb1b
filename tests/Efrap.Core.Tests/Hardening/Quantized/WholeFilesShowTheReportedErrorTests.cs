using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Hardening.Quantized;

/// <summary>
/// The last layer's activation error, which the sweep works out from moments, segment by segment, is what ONNX Runtime shows when it runs
/// the whole hardened file: the prefix was run as the file runs it, with the integers that the file has in the end.
/// </summary>
[TestClass]
public sealed class WholeFilesShowTheReportedErrorTests
{
    [TestMethod]
    public void On_fixed_grids() => Check(IntegerNet.Source().Build(), IntegerNet.OnFixedGrids().Build(), layers: 3);

    [TestMethod]
    public void Quantized_at_run_time() => Check(IntegerNet.Source().Build(), IntegerNet.AtRunTime().Build(), layers: 3);

    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int8Weights)]
    [DataRow(Precision.Int4Weights)]
    public void Behind_DequantizeLinear(Precision precision)
    {
        var net = Nets.Residual(2);
        Check(net.Build(), Hardened.Of(net, precision, Solver.Nearest).Model, layers: 6);
    }

    private static void Check(ModelProto source, ModelProto quantized, int layers)
    {
        var result = RoundedAnew.Of(source, quantized);
        Assert.IsEmpty(result.Report.Skipped, string.Join("; ", result.Report.Skipped.Select(s => s.Reason)));
        Assert.HasCount(layers, result.Report.Layers);
        Assert.IsTrue(result.Report.Layers.All(l => l.ActivationError <= l.ActivationErrorNearest));
        Assert.IsTrue(result.Report.Layers.Any(l => l.Found!.Changed > 0.05));
        Assert.IsTrue(result.Report.Layers.All(l => l.Found is { Nearest: 1, OffLattice: 0, MatchedBy: "names" }));

        var last = result.Report.Layers[^1];
        Assert.AreEqual(last.ActivationError, result.OutputError(IntegerNet.Outputs), 0.01 * last.ActivationError);
    }
}
