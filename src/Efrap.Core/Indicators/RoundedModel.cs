using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>A model whose weights are floats on the points of a lattice: what a weight-only quantizer would make of it.</summary>
internal static class RoundedModel
{
    /// <summary>Q: every weight becomes what the lattice's codes stand for, those of nearest rounding or those of the model's own file.
    /// </summary>
    internal static ModelGraph Quantized(AuditSubject subject, AuditLattice lattice) => Of(subject, lattice, (layer, points) =>
    {
        var codes = lattice.CodesOf(subject, layer, points);
        var values = new float[codes.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = points.Value(i / layer.Weights.Columns, i, codes[i]);
        return values;
    });

    /// <summary>
    /// A placebo: rounds each weight up with the probability of its fraction. The scales and the expected value are those of
    /// nearest rounding's lattice, but nobody can have trained for this draw.
    /// </summary>
    /// <param name="subject">The model.</param>
    /// <param name="lattice">The lattice.</param>
    /// <param name="seed">Decides the draw.</param>
    internal static ModelGraph Placebo(AuditSubject subject, AuditLattice lattice, int seed)
    {
        var random = SeededRandom.Of(seed);
        return Of(subject, lattice, (_, points) => points.Values(Dither.Of(points, _ => random.NextSingle())));
    }

    /// <summary>Rounds as a solver said.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="lattice">The lattice.</param>
    /// <param name="up">For each layer's weight, by name, whether each of its values takes the upper point.</param>
    internal static ModelGraph Of(AuditSubject subject, AuditLattice lattice, IReadOnlyDictionary<string, bool[]> up) =>
        Of(subject, lattice, (layer, points) => points.Values(up[layer.Weight]));

    private static ModelGraph Of(AuditSubject subject, AuditLattice lattice, Func<QuantizableLayer, WeightLattice, float[]> round)
    {
        var rounded = new Dictionary<string, TensorProto>();
        foreach (var layer in lattice.LayersOf(subject))
        {
            if (rounded.ContainsKey(layer.Weight))
                continue;
            var values = round(layer, lattice.Of(subject, layer));
            rounded[layer.Weight] = TensorValues.FromSingles(layer.Weight, layer.Weights.Shape, layer.Weights.ToTensor(values));
        }

        var model = subject.Graph.Model with { Proto = subject.Graph.Model.Proto.Clone() };
        Replace(model.Proto.Graph, rounded);
        return new ModelGraph(model);
    }

    private static void Replace(GraphProto graph, Dictionary<string, TensorProto> values)
    {
        for (var i = 0; i < graph.Initializer.Count; i++)
        {
            if (values.Remove(graph.Initializer[i].Name, out var value))
                graph.Initializer[i] = value;
        }

        // What is left came from Constant nodes.
        foreach (var node in graph.Node.Where(n => n.Output.Count == 1 && values.ContainsKey(n.Output[0])).ToList())
            graph.Node.Remove(node);
        graph.Initializer.AddRange(values.Values);
    }
}
