using Efrap.Core.Onnx;
using Efrap.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Activation functions.</summary>
internal static class Activations
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Unary("Relu", x => x.relu()),
        Operator.Of("LeakyRelu", call => call[0].LeakyRelu(call.Single("alpha", 0.01f)), "alpha"),
        Operator.Unary("Sigmoid", x => x.sigmoid()),
        Operator.Unary("Tanh", x => x.tanh()),
        Operator.Of("Elu", call => call[0].Elu(call.Single("alpha", 1)), "alpha"),
        Operator.Of("Selu", call => call[0].Elu(call.Single("alpha", 1.67326319f)).Times(call.Single("gamma", 1.05070102f)), "alpha", "gamma"),

        // Torch's softplus takes numbers, whose lifetimes cannot be seen to from here.
        Operator.Unary("Softplus", x => x.neg().log_sigmoid().neg()),
        Operator.Of("Gelu", Gelu, "approximate") with
        {
            OtherDomains = ["com.microsoft"],
            Refusal = (_, node) => node.Text("approximate", "none") is "none" or "tanh" ? null
                : $"with approximate {DisplayName.Of(node.Text("approximate", "none"))}",
        },
        Operator.Unary("HardSwish", x => x.mul(x.DividedBy(6).Plus(0.5).Clamped(0, 1))),
        Operator.Of("HardSigmoid", call => call[0].Times(call.Single("alpha", 0.2f)).Plus(call.Single("beta", 0.5f)).Clamped(0, 1), "alpha", "beta"),
        Operator.Of("PRelu", ParametricRelu),
        Operator.Of("Clip", Clip, "min", "max"),
        Operator.Of("Softmax", call => Softmax(call, (x, axis) => softmax(x, axis)), "axis"),
        Operator.Of("LogSoftmax", call => Softmax(call, log_softmax), "axis"),
        Operator.Unary("Erf", x => x.erf()),
    ];

    private static Tensor Gelu(NodeCall call) => call.Text("approximate", "none") == "tanh"
        ? gelu(call[0], TorchSharp.Modules.GELU.Approximate.tanh)
        : gelu(call[0]);

    private static Tensor ParametricRelu(NodeCall call)
    {
        var (x, slope) = (call[0], call[1]);

        // Before version 7 the slopes were one per channel, and not broadcast from the last axis.
        if (call.Opset < 7 && slope.numel() > 1)
            slope = slope.reshape([-1, .. Enumerable.Repeat(1L, (int)x.dim() - 2)]);
        return torch.where(x.IsNegative(), x.mul(slope), x);
    }

    private static Tensor Clip(NodeCall call)
    {
        var x = call[0];
        if (call.Opset < 11)
            return x.Clamped(call.Single("min", float.MinValue), call.Single("max", float.MaxValue));

        // The upper bound comes last: it holds where the two contradict each other.
        var raised = call.Optional(1) is { } low ? x.maximum(low) : x;
        return call.Optional(2) is { } high ? raised.minimum(high) : raised;
    }

    private static Tensor Softmax(NodeCall call, Func<Tensor, long, Tensor> compute)
    {
        var x = call[0];
        if (call.Opset >= 13)
            return compute(x, NodeCall.Axis(call.Integer("axis", -1), x.dim()));

        // Before version 13, everything from the axis on was one distribution.
        var matrix = Shapes.Flatten(x, (int)NodeCall.Axis(call.Integer("axis", 1), x.dim()));
        return compute(matrix, 1).reshape(x.shape);
    }
}
