using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>Shapes of tensors that hold one number per output channel.</summary>
internal static class ChannelTensor
{
    /// <summary>Gives numbers per channel a shape that combines with weights.</summary>
    /// <param name="perChannel">[channels].</param>
    /// <param name="weight">[channels, …].</param>
    /// <returns>[channels, 1, …].</returns>
    public static Tensor PerChannel(this Tensor perChannel, Tensor weight) =>
        perChannel.reshape([weight.shape[0], .. Enumerable.Repeat(1L, weight.shape.Length - 1)]);
}
