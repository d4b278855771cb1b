using Efrap.Core.Calibration;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Tests.Rounding;

/// <summary>A model and its hardened form, made by the same steps as the verb but without files.</summary>
internal sealed class Hardened
{
    private readonly Dictionary<string, LayerRounding> _roundings = [];

    private Hardened(ModelGraph graph, LayerPlan plan, CalibrationSet samples)
    {
        (Graph, Plan, SampleSet) = (graph, plan, samples);
        Model = new ModelProto();
    }

    /// <summary>The graph that was quantized: after folding.</summary>
    public ModelGraph Graph { get; }

    /// <summary>What was quantized and what was not.</summary>
    public LayerPlan Plan { get; }

    /// <summary>What it was calibrated on.</summary>
    public CalibrationSet SampleSet { get; }

    /// <summary>The hardened model.</summary>
    public ModelProto Model { get; private set; }

    /// <summary>The rounding of each layer, by name.</summary>
    public IReadOnlyDictionary<string, LayerRounding> Roundings => _roundings;

    /// <summary>Hardens a model on random samples.</summary>
    public static Hardened Of(
        ModelBuilder builder,
        Precision precision = Precision.Int8,
        Solver? solver = null,
        int samples = 48,
        Func<SweepSettings, SweepSettings>? adjust = null)
    {
        var model = precision == Precision.Int8 ? OpsetUpgrade.Raise(builder.Read()) : builder.Read();
        var graph = new ModelGraph(BatchNormalizationFolding.Fold(ConstantWeights.Evaluate(model)));
        var result = new Hardened(graph, LayerPlanner.Plan(graph), Inference.Samples.For(graph, samples));
        var settings = new SweepSettings(precision, solver ?? Solver.Budget, Budget: 0.5, Threads: 1);
        using var sweep = new HardeningSweep(graph, result.Plan.Layers, result.SampleSet, adjust?.Invoke(settings) ?? settings);
        result.Model = sweep.Run((layer, rounding, _) => result._roundings.Add(layer.Name, rounding), CancellationToken.None);
        return result;
    }

    /// <summary>Runs the hardened model on the first batch of its samples.</summary>
    public Tensor[] Run() => Run(Model);

    /// <summary>Runs the original model on the first batch of the samples.</summary>
    public Tensor[] RunOriginal() => Run(Graph.Model.Proto);

    /// <summary>How far the first output is from the original's: root mean square of the difference over that of the original.</summary>
    public double RelativeError(int output = 0)
    {
        var (expected, actual) = (RunOriginal()[output], Run()[output]);
        CollectionAssert.AreEqual(expected.Shape, actual.Shape);
        return Math.Sqrt(
            expected.Singles.Zip(actual.Singles, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Singles.Sum(a => Math.Pow(a, 2)));
    }

    /// <summary>The node that produces a value of the hardened model, or null.</summary>
    public NodeProto? Producer(string value) => Model.Graph.Node.SingleOrDefault(n => n.Output.Contains(value));

    /// <summary>An initializer of the hardened model.</summary>
    public TensorProto Initializer(string name) => Model.Graph.Initializer.Single(i => i.Name == name);

    /// <summary>The operators that the hardened model executes.</summary>
    public string[] Operators() => [.. Model.Graph.Node.Select(n => n.OpType)];

    /// <summary>The nodes that remain after ONNX Runtime has fused what it knows integer kernels for.</summary>
    public NodeProto[] Optimized()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("optimized.onnx");
        OrtSessions.Create(Model, "model.onnx", options =>
        {
            options.OptimizedModelFilePath = path;
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
        }).Dispose();
        return [.. OnnxModelReader.Read(path).Proto.Graph.Node];
    }

    /// <summary>Runs any model with the same inputs on the first batch of the samples.</summary>
    public Tensor[] Run(ModelProto model, Action<SessionOptions>? configure = null)
    {
        using var session = OrtSessions.Create(model, "model.onnx", configure);
        var batch = SampleSet.GetBatch(0);
        var inputs = session.InputNames.Select(name => batch.Single(t => t.Name == name)).Select(OrtTensors.Of).ToList();
        try
        {
            return OrtRun.Run(session, inputs);
        }
        finally
        {
            inputs.ForEach(i => i.Dispose());
        }
    }
}
