using System.Runtime.InteropServices;
using Efrap.AttackLab.Attacks;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.AttackLab.Measure;

/// <summary>Weights-only quantization to nearest, as any quantizer would do it, kept in float32 so that every runtime takes it.</summary>
public static class NearestRounding
{
    /// <summary>The nearest codes of every convolution and fully connected layer of a model.</summary>
    /// <param name="model">A model with float32 weights as initializers, output channels on axis 0.</param>
    /// <param name="grid">The quantization.</param>
    /// <returns>The codes by the node's name.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<sbyte>> Codes(ModelProto model, RoundingGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return Weights(model).ToDictionary(
            w => w.Node, w => (IReadOnlyList<sbyte>)grid.NearestCodes(Values(w.Tensor), (int)w.Tensor.Dims[0]));
    }

    /// <summary>Replaces the weights of every convolution and fully connected layer by code times scale.</summary>
    /// <param name="model">The model, which stays as it is.</param>
    /// <param name="grid">The quantization.</param>
    /// <returns>The rounded copy.</returns>
    public static ModelProto Apply(ModelProto model, RoundingGrid grid)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(grid);
        var rounded = model.Clone();
        foreach (var (_, tensor) in Weights(rounded))
        {
            var values = Values(tensor);
            var channels = (int)tensor.Dims[0];
            var scales = grid.Scales(values, channels);
            for (var i = 0; i < values.Length; i++)
            {
                var scale = scales[i / (values.Length / channels)];
                values[i] = grid.NearestCode(values[i], scale) * scale;
            }

            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
        }

        return rounded;
    }

    private static IEnumerable<(string Node, TensorProto Tensor)> Weights(ModelProto model)
    {
        var initializers = model.Graph.Initializer.ToDictionary(t => t.Name);
        return model.Graph.Node.Where(n => n.OpType is "Conv" or "Gemm").Select(n => (n.Name, initializers[n.Input[1]]));
    }

    private static float[] Values(TensorProto tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
}
