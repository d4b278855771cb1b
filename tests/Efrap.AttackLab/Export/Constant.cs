using TorchSharp;

namespace Efrap.AttackLab.Export;

/// <summary>A tensor of numbers on its way into a model file.</summary>
/// <param name="Dimensions">The size of each axis.</param>
/// <param name="Values">The values, row by row.</param>
public sealed record Constant(long[] Dimensions, float[] Values);

/// <summary>Takes numbers out of Torch.</summary>
internal static class TensorConstant
{
    /// <summary>Copies a tensor's values.</summary>
    /// <param name="tensor">A tensor of float32.</param>
    /// <returns>The copy.</returns>
    public static Constant ToConstant(this torch.Tensor tensor)
    {
        using var plain = tensor.detach().contiguous();
        return new Constant(plain.shape, plain.data<float>().ToArray());
    }
}
