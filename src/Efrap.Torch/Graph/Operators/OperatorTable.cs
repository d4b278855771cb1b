using System.Collections.Frozen;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Every operator that can be computed on torch tensors.</summary>
internal static class OperatorTable
{
    private static readonly FrozenDictionary<(string Domain, string Name), Operator> Operators =
        Convolutions.All
            .Concat(Activations.All)
            .Concat(Arithmetic.All)
            .Concat(Comparisons.All)
            .Concat(Indexing.All)
            .Concat(Normalizations.All)
            .Concat(Pooling.All)
            .Concat(Quantization.All)
            .Concat(Reductions.All)
            .Concat(Resizing.All)
            .Concat(Shapes.All)
            .SelectMany(o => o.OtherDomains.Append(string.Empty).Select(domain => KeyValuePair.Create((domain, o.Name), o)))
            .ToFrozenDictionary();

    /// <summary>How a node's operator is computed, or null where it is not known.</summary>
    internal static Operator? Find(NodeProto node) =>
        Operators.GetValueOrDefault((node.IsOnnx() ? string.Empty : node.Domain, node.OpType));
}
