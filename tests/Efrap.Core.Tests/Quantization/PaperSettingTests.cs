using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization;

/// <summary>
/// The paper's setting: 4 bits, asymmetric, per channel; each layer rounds what it reads, and everything else sees float; 8 bits
/// in the first and the last layer.
/// </summary>
[TestClass]
public sealed class PaperSettingTests
{
    private static readonly int[] _bits = [8, 4, 4, 8];

    [TestMethod]
    [DataRow(13)]
    [DataRow(21)]
    public void Weights_lie_on_the_asymmetric_lattice_of_least_error(int opset)
    {
        var hardened = Hardened.Of(Net(opset), Precision.W4A4, Solver.Nearest);
        Assert.HasCount(4, hardened.Plan.Layers);
        foreach (var (layer, bits) in hardened.Plan.Layers.Zip(_bits))
        {
            var restored = hardened.Producer(Node(hardened, layer).Input[1])!;
            var codes = hardened.Initializer(restored.Input[0]);
            Assert.AreEqual(bits == 4 ? DataType.Int4 : DataType.Int8, (DataType)codes.DataType, layer.Name);
            var lattice = WeightLattice.LeastError(layer.Weights, bits);
            CollectionAssert.AreEqual(lattice.Scales, TensorValues.ToSingles(hardened.Initializer(restored.Input[1])));
            CollectionAssert.AreEqual(
                lattice.ZeroPoints.Select(z => (long)z).ToArray(), TensorValues.ToInt64s(hardened.Initializer(restored.Input[2])).ToArray());
            CollectionAssert.AreEqual(
                layer.Weights.ToTensor(lattice.Codes(lattice.NearestUp)).Select(c => (long)c).ToArray(), TensorValues.ToInt64s(codes).ToArray());
        }
    }

    // What a layer reads takes at most 16 values, and they are those that a search over all calibration data finds best.
    [TestMethod]
    [DataRow(13)]
    [DataRow(21)]
    public void Layers_read_sixteen_values_but_for_the_first_and_the_last(int opset)
    {
        var hardened = Hardened.Of(Net(opset), Precision.W4A4, Solver.Nearest);
        var model = hardened.Model.Clone();
        var read = hardened.Plan.Layers.Select(l => Node(hardened, l).Input[0]).ToArray();
        model.Graph.Output.Clear();
        model.Graph.Output.AddRange(read.Select(name => new Core.Onnx.Proto.ValueInfoProto { Name = name }));
        var values = hardened.Run(model).Select(t => t.Singles.Distinct().Count()).ToArray();
        for (var i = 0; i < values.Length; i++)
            Assert.IsLessThanOrEqualTo(1 << _bits[i], values[i], $"layer {i}");
        Assert.IsGreaterThan(8, values[1]);
        Assert.IsGreaterThan(16, values[0]);
        Assert.IsGreaterThan(16, values[3]);
        Assert.IsLessThan(0.6, hardened.RelativeError());
    }

    // The descent's moments are taken from rounded inputs: A must be what the layer, run as it is written, errs.
    [TestMethod]
    public void The_error_told_is_the_error_made()
    {
        var b = new ModelBuilder();
        b.Output(b.MatMul(b.Node("Relu", [b.MatMul(b.Input("input", -1, 12), 12, 20)]), 20, 6), -1, 6);
        var hardened = Hardened.Of(b, Precision.W4A4, samples: 32);
        var (expected, actual) = (hardened.RunOriginal()[0], hardened.Run()[0]);
        var error = expected.Singles.Zip(actual.Singles, (x, y) => Math.Pow(x - y, 2)).Sum() / 32;
        Assert.AreEqual(error, hardened.Roundings[hardened.Plan.Layers[^1].Name].Error, 1e-3 * error);
    }

    [TestMethod]
    public void Older_models_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("old.onnx");
        OnnxModelWriter.Write(Net(12).Read().Proto, path);
        var calibration = new Core.Calibration.CalibrationOptions(TestData.Fixture("shapes-calibration.npz"));
        var e = Assert.ThrowsExactly<EfrapException>(() =>
            Harden.Run(new HardenOptions(path, folder.File("out.onnx"), calibration) { Precision = Precision.W4A4 }));
        Assert.AreEqual(EfrapCode.NothingToQuantize, e.Code);
        StringAssert.Contains(e.Message, "operator set 13");
        Assert.IsFalse(File.Exists(folder.File("out.onnx")));
    }

    private static Core.Onnx.Proto.NodeProto Node(Hardened hardened, QuantizableLayer layer) =>
        hardened.Model.Graph.Node.Single(n => n.Name == layer.Name);

    // A pool behind a layer: ONNX Runtime moves roundings in front of it.
    private static ModelBuilder Net(int opset)
    {
        var b = new ModelBuilder(opset);
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, 8, 8), 3, 8)]);
        x = b.Node("MaxPool", [x], ("kernel_shape", new[] { 2L, 2 }), ("strides", new[] { 2L, 2 }));
        x = b.Node("Relu", [b.Conv(x, 8, 8)]);
        x = b.Node("Relu", [b.Conv(x, 8, 8)]);
        x = b.Node("Flatten", [b.Node("GlobalAveragePool", [x])]);
        return b.Output(b.MatMul(x, 8, 5), -1, 5);
    }
}
