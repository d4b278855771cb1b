using Efrap.Core.Evidence;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Where a layer's weights share one scale, the model holds one number for it, and runs on the same kernels.</summary>
[TestClass]
public sealed class PerTensorWeightsTests
{
    [TestMethod]
    [DataRow(Precision.Int8, 8)]
    [DataRow(Precision.Int8Weights, 8)]
    [DataRow(Precision.Int4Weights, 4)]
    public void Are_stored_with_one_scale(Precision precision, int bits)
    {
        var hardened = Hardened.Of(Net(), precision, Solver.Nearest, adjust: PerTensor);
        Assert.HasCount(4, hardened.Plan.Layers);
        foreach (var layer in hardened.Plan.Layers)
        {
            var restored = hardened.Producer(hardened.Model.Graph.Node.Single(n => n.Name == layer.Name).Input[1])!;
            Assert.IsEmpty(restored.Attribute, "an axis makes no sense for one scale");
            foreach (var parameter in restored.Input.Skip(1))
                Assert.IsEmpty(hardened.Initializer(parameter).Dims);
            var scale = TensorValues.ToSingles(hardened.Initializer(restored.Input[1])).Single();
            Assert.AreEqual(layer.Weights.Values.Max(MathF.Abs) / ((1 << (bits - 1)) - 1), scale, 1e-6f * scale);
            var codes = TensorValues.ToInt64s(hardened.Initializer(restored.Input[0]));
            var values = layer.Weights.ToTensor(layer.Weights.Values);
            for (var i = 0; i < codes.Length; i++)
                Assert.AreEqual(values[i], codes[i] * scale, 0.5001f * scale);
        }

        Assert.IsLessThan(bits == 4 ? 0.6 : 0.1, hardened.RelativeError());
    }

    [TestMethod]
    public void Run_in_integer_kernels()
    {
        var operators = Hardened.Of(Net(), adjust: PerTensor).Optimized().Select(n => n.OpType).ToArray();
        Assert.AreEqual(2, operators.Count(o => o == "QLinearConv"), string.Join(' ', operators));
        Assert.AreEqual(1, operators.Count(o => o == "QGemm"), string.Join(' ', operators));
    }

    [TestMethod]
    public void Keep_the_budget_on_their_own_lattice()
    {
        var hardened = Hardened.Of(Net(), Precision.Int4Weights, samples: 400, adjust: PerTensor);
        Assert.IsTrue(hardened.Roundings.Values.Any(r => r.Flips > 0.05));
        Assert.IsTrue(hardened.Roundings.Values.All(r => !r.BudgetMet || r.Error <= 0.5 * r.NearestError));
    }

    // One channel's bias would take more than 31 bits on the scale that the weights ask for.
    [TestMethod]
    public void Of_channels_with_a_huge_bias_do_not_overflow_it()
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, 3, 6, 6);
        var weight = b.Initializer(TensorValues.FromSingles("w", [2, 3, 1, 1], [1e-6f, 2e-6f, -1e-6f, 0.5f, -0.4f, 0.3f]));
        var bias = b.Initializer(TensorValues.FromSingles("b", [2], [1e8f, -0.25f]));
        var hardened = Hardened.Of(b.Output(b.Node("Conv", [x, weight, bias]), -1, 2, 6, 6), adjust: PerTensor);
        Assert.IsLessThan(0.01, hardened.RelativeError());
    }

    [TestMethod]
    public void Are_named_in_the_report()
    {
        using var folder = new TemporaryFolder();
        var report = Harden.Run(new HardenOptions(
            TestData.Fixture("shapes-clean.onnx"),
            folder.File("hardened.onnx"),
            new Core.Calibration.CalibrationOptions(TestData.Fixture("shapes-calibration.npz")) { Samples = 8 })
        {
            Granularity = Granularity.PerTensor,
            Solver = Solver.Nearest,
        });
        StringAssert.Contains(ReportJson.Serialize(report), "\"granularity\": \"per-tensor\"");
    }

    private static SweepSettings PerTensor(SweepSettings settings) => settings with { Granularity = Granularity.PerTensor };

    private static ModelBuilder Net()
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 6, 6), 3, 8)]);
        x = b.Node("Relu", [b.Conv(x, 8, 8, groups: 2)]);
        x = b.Node("Flatten", [b.Node("GlobalAveragePool", [x])]);
        x = b.Gemm(x, 8, 6, transposed: true);
        return b.Output(b.MatMul(x, 6, 4), -1, 4);
    }
}
