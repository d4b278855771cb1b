using Efrap.Core.Evidence;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;

namespace Efrap.Core;

/// <summary>Says what a model holds and what hardening would do with it, without running it.</summary>
public static class Inspect
{
    /// <summary>Runs the verb.</summary>
    /// <param name="path">The model.</param>
    /// <param name="cancellationToken">Observed between steps.</param>
    /// <returns>The report.</returns>
    /// <exception cref="EfrapException">A code of the 1xxx range.</exception>
    public static InspectReport Run(string path, CancellationToken cancellationToken = default)
    {
        var model = OnnxModelReader.Read(path, cancellationToken);
        var original = new ModelGraph(model);
        var folded = new ModelGraph(BatchNormalizationFolding.Fold(ConstantWeights.Evaluate(model)));
        cancellationToken.ThrowIfCancellationRequested();
        var plan = LayerPlanner.Plan(folded);
        var proto = model.Proto;
        return new InspectReport
        {
            Model = Path.GetFileName(path),
            Sha256 = model.Sha256,
            Bytes = new FileInfo(path).Length,
            IrVersion = proto.IrVersion,
            Producer = $"{proto.ProducerName} {proto.ProducerVersion}".Trim(),
            OperatorSets = Sorted(proto.OpsetImport.Select(o => (ValueText.Domain(o.Domain), o.Version))),
            Inputs = [.. original.FedInputs.Select(Describe)],
            Outputs = [.. proto.Graph.Output.Select(Describe)],
            Operators = Sorted(original.Nodes.GroupBy(ValueText.Operator).Select(g => (g.Key, g.Count()))),
            Parameters = proto.Graph.Initializer.Sum(TensorValues.ElementCount),
            FoldedNormalizations = Count(original, "BatchNormalization") - Count(folded, "BatchNormalization"),
            Quantized = QuantizedWeights.IsQuantized(original),
            Layers = [.. plan.Layers.Select(l => new LayerDescription(l.Name, l.Operator, l.Weights.Rows, l.Weights.Columns, l.Weights.Groups))],
            Skipped = plan.Skipped,
        };
    }

    private static ValueDescription Describe(ValueInfoProto value) => new(value.Name, ValueText.Type(value));

    private static int Count(ModelGraph graph, string operation) => graph.Nodes.Count(n => n.IsOnnx() && n.OpType == operation);

    private static SortedDictionary<string, T> Sorted<T>(IEnumerable<(string Key, T Value)> entries)
    {
        var result = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
            result[key] = value;
        return result;
    }
}
