using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests;
using Efrap.Core.Tests.Onnx;
using Efrap.Torch.Rounding;
using static TorchSharp.torch;

namespace Efrap.Torch.Tests.Rounding;

[TestClass]
public sealed class DataTermEqualsMomentsTests : TorchTest
{
    // Eight samples, so that the sweep looks at every output position and one batch holds everything.
    private const int Samples = 8;

    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int4Weights)]
    [DataRow(Precision.W4A4)]
    public void For_every_layer_of_a_model(Precision precision)
    {
        using var folder = new TemporaryFolder();
        var calibration = new CalibrationOptions(TestData.Fixture("shapes-calibration.npz")) { Scale = 1 / 255.0, Mean = [0.5], Std = [0.25], Samples = Samples };
        var spy = new ComparingSolver();
        Harden.Run(new HardenOptions(TestData.Fixture("shapes-clean.onnx"), folder["out.onnx"], calibration) { Precision = precision, Solver = spy });
        Assert.HasCount(10, spy.Errors);
        foreach (var (layer, data, moments) in spy.Errors)
            Assert.AreEqual(moments, data, 2e-3 * moments, layer);
    }

    [TestMethod]
    public void For_a_product_with_a_vector()
    {
        var b = new ModelBuilder();
        var axis = b.Initializer(TensorValues.FromInt64s("axis", [1], [0]));
        var vector = b.Node("Squeeze", [b.Input("input", 1, 6), axis]);
        b.Output(b.Node("Unsqueeze", [b.MatMul(vector, 6, 5), axis]), 1, 5);
        using var folder = new TemporaryFolder();
        var spy = new ComparingSolver();
        Harden.Run(SmallModel.Write(b, folder, [Samples, 6]) with { Solver = spy });
        var (_, data, moments) = spy.Errors.Single();
        Assert.AreEqual(moments, data, 2e-3 * moments);
    }

    private sealed class ComparingSolver : Solver
    {
        public List<(string Layer, double Data, double Moments)> Errors { get; } = [];

        public override string Name => "comparing";

        internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options)
        {
            using var scope = NewDisposeScope();
            var lattice = problem.Lattice;
            var weights = tensor(lattice.NearestUp.Select((up, i) => lattice.Value(i / lattice.Weights.Columns, i, up)).ToArray())
                .reshape(lattice.Weights.Rows, lattice.Weights.Columns);
            using var data = new DataTerm(activations, lattice, new Random(1), Samples);
            using var moments = new MomentTerm(problem);
            Errors.Add((activations.Layer.Name, data.Of(weights).item<float>(), moments.Of(weights).item<float>()));
            return BudgetedRounding.Nearest(problem, options);
        }
    }
}
