using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>How one ONNX operator is computed, at all versions that the attributes listed allow.</summary>
/// <param name="Name">The operator.</param>
/// <param name="Compute">Its outputs from its inputs. Runs in a dispose scope of its own.</param>
/// <param name="Attributes">The attributes that it heeds, or that change nothing here. Others are refused.</param>
internal sealed record Operator(string Name, Func<NodeCall, IReadOnlyList<Tensor>> Compute, IReadOnlyList<string> Attributes)
{
    /// <summary>The number of outputs that it computes; further ones must not be read.</summary>
    internal int Outputs { get; init; } = 1;

    /// <summary>What of a node's attributes or inputs cannot be computed, to follow the operator's name in a message; null for nothing.</summary>
    internal Func<ModelGraph, NodeProto, string?>? Refusal { get; init; }

    /// <summary>The domains besides ONNX's own in which it means the same.</summary>
    internal IReadOnlyList<string> OtherDomains { get; init; } = [];

    /// <summary>An operator of one output.</summary>
    internal static Operator Of(string name, Func<NodeCall, Tensor> compute, params string[] attributes) =>
        new(name, call => [compute(call)], attributes);

    /// <summary>An operator of one input and one output, computed value by value.</summary>
    internal static Operator Unary(string name, Func<Tensor, Tensor> compute) => Of(name, call => compute(call[0]));

    /// <summary>An operator of two inputs that are broadcast to each other.</summary>
    internal static Operator Binary(string name, Func<Tensor, Tensor, Tensor> compute) => Of(name, call => compute(call[0], call[1]));
}
