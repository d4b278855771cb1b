using Efrap.Core.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Graph.Operators;

/// <summary>Pools.</summary>
internal static class Pooling
{
    internal static IReadOnlyList<Operator> All { get; } =
    [
        Operator.Of("MaxPool", Largest, [.. Window.Attributes, "ceil_mode", "storage_order"]) with
        {
            Refusal = (_, node) => Window.Refusal(node.Text("auto_pad", "NOTSET")),
        },
        Operator.Of("AveragePool", Average, [.. Window.Attributes, "ceil_mode", "count_include_pad"]) with
        {
            Refusal = (_, node) => node.Integers("dilations")?.Any(d => d != 1) == true ? "with dilations"
                : Window.Refusal(node.Text("auto_pad", "NOTSET")),
        },
        Operator.Unary("GlobalAveragePool", x => x.mean(SpatialAxes(x), keepdim: true)),
        Operator.Unary("GlobalMaxPool", x => x.amax(SpatialAxes(x), keepdim: true)),
    ];

    private static long[] SpatialAxes(Tensor x) => [.. Enumerable.Range(2, Math.Max(0, (int)x.dim() - 2)).Select(i => (long)i)];

    private static Tensor Largest(NodeCall call)
    {
        var window = WindowOf(call, out var beyond);
        var x = Window.Extend(call[0], window.Begins, [.. window.Ends.Zip(beyond, (a, b) => a + b)], double.NegativeInfinity);
        return window.Kernel.Length switch
        {
            1 => max_pool1d(x, window.Kernel[0], window.Strides[0], 0, window.Dilations[0]),
            2 => max_pool2d(x, window.Kernel, window.Strides, [0, 0], window.Dilations),
            3 => max_pool3d(x, window.Kernel, window.Strides, [0, 0, 0], window.Dilations),
            var axes => throw new InvalidDataException($"it has {axes} spatial axes"),
        };
    }

    private static Tensor Average(NodeCall call)
    {
        var window = WindowOf(call, out var beyond);
        var ends = window.Ends.Zip(beyond, (a, b) => a + b).ToArray();
        var average = Average(Window.Extend(call[0], window.Begins, ends, 0), window);
        var padding = call.Integer("count_include_pad", 0) != 0 ? 1.0 : 0.0;
        var isWhole = Array.TrueForAll(beyond, b => b <= 0)
            && (padding == 1 || window.Begins.Concat(window.Ends).All(p => p == 0));
        if (isWhole)
            return average;

        // The share of each window that counts.
        var ones = torch.ones([1, 1, .. call[0].shape[2..]], call[0].dtype);
        var counted = Window.Extend(Window.Extend(ones, window.Begins, window.Ends, padding), new long[beyond.Length], beyond, 0);
        return average.div(Average(counted, window));
    }

    private static Tensor Average(Tensor x, Window window) => window.Kernel.Length switch
    {
        1 => avg_pool1d(x, window.Kernel[0], window.Strides[0], 0),
        2 => avg_pool2d(x, window.Kernel, window.Strides, [0, 0]),
        3 => avg_pool3d(x, window.Kernel, window.Strides, [0, 0, 0]),
        var axes => throw new InvalidDataException($"it has {axes} spatial axes"),
    };

    // With ceil_mode, the last window may reach beyond the padding; it must begin inside the input or its front padding.
    private static Window WindowOf(NodeCall call, out long[] beyond)
    {
        var kernel = call.Integers("kernel_shape") ?? throw new InvalidDataException("it has no kernel_shape");
        var window = Window.Of(call, call[0], kernel);
        beyond = new long[kernel.Length];
        for (var i = 0; i < kernel.Length && call.Integer("ceil_mode", 0) != 0; i++)
        {
            var size = call[0].shape[i + 2];
            var stride = window.Strides[i];
            var steps = (size + window.Begins[i] + window.Ends[i] - window.Extent(i) + stride - 1) / stride;
            if (steps * stride >= size + window.Begins[i])
                steps--;
            beyond[i] = Math.Max(0, (steps * stride) + window.Extent(i) - size - window.Begins[i] - window.Ends[i]);
        }

        return window;
    }
}
