using Efrap.Core.Onnx;
using Efrap.Torch.Runtime;
using static TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Normalizations.</summary>
internal static class Normalizations
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Of(
            "BatchNormalization",
            call => batch_norm(call[0], call[3], call[4], call[1], call[2], false, 0, call.Single("epsilon", 1e-5f)),
            "epsilon", "momentum", "is_test", "training_mode", "spatial") with
        {
            Refusal = (_, node) => node.Integer("training_mode", 0) != 0 ? "in training mode"
                : node.Integer("spatial", 1) == 0 ? "with a mean for each position" : null,
        },
        Operator.Of(
            "InstanceNormalization",
            call => instance_norm(call[0], weight: call[1], bias: call[2], eps: call.Single("epsilon", 1e-5f)),
            "epsilon"),
        Operator.Of("LayerNormalization", NormalizeLayer, "axis", "epsilon", "stash_type"),
        Operator.Of("LRN", NormalizeLocally, "alpha", "beta", "bias", "size"),
    ];

    private static Tensor NormalizeLayer(NodeCall call)
    {
        var x = call[0];
        var axis = (int)NodeCall.Axis(call.Integer("axis", -1), x.dim());
        var scaled = layer_norm(x, x.shape[axis..], null, null, call.Single("epsilon", 1e-5f)).mul(call[1]);
        return call.Optional(2) is { } bias ? scaled.Plus(bias) : scaled;
    }

    // Torch's own puts the larger half of an even window on the other side.
    private static Tensor NormalizeLocally(NodeCall call)
    {
        var x = call[0];
        var size = call.Integer("size", 1);
        long[] sides = [.. Enumerable.Repeat(0L, (int)x.dim() - 2)];
        var squares = Window.Extend(x.Squared(), [(size - 1) / 2, .. sides], [size / 2, .. sides], 0);
        var sums = squares.unfold(1, size, 1).sum(-1);
        var scale = sums.Times(call.Single("alpha", 1e-4f) / size).Plus(call.Single("bias", 1));
        return x.div(scale.RaisedTo(call.Single("beta", 0.75f)));
    }
}
