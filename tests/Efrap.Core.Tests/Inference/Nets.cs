using Efrap.Core.Tests.Onnx;

namespace Efrap.Core.Tests.Inference;

/// <summary>Nets of a given depth.</summary>
internal static class Nets
{
    /// <summary>Convolutions with Relu, one after the other.</summary>
    public static ModelBuilder Chain(int depth, int channels = 4, int size = 6)
    {
        var b = new ModelBuilder();
        var x = b.Input("input", -1, channels, size, size);
        for (var i = 0; i < depth; i++)
            x = b.Node("Relu", [b.Conv(x, channels, channels)]);
        return b.Output(x, -1, channels, size, size);
    }

    /// <summary>Residual blocks of two convolutions each, and a classifier.</summary>
    public static ModelBuilder Residual(int blocks, int channels = 4, int size = 6)
    {
        var b = new ModelBuilder();
        var x = b.Node("Relu", [b.Conv(b.Input("input", -1, 3, size, size), 3, channels)]);
        for (var i = 0; i < blocks; i++)
        {
            var inner = b.Node("Relu", [b.Conv(x, channels, channels)]);
            x = b.Node("Relu", [b.Node("Add", [b.Conv(inner, channels, channels), x])]);
        }

        var features = b.Node("Flatten", [b.Node("GlobalAveragePool", [x])]);
        return b.Output(b.Gemm(features, channels, 5, transposed: true), -1, 5);
    }
}
