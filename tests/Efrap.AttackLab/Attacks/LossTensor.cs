using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>What is done with a loss.</summary>
internal static class LossTensor
{
    /// <summary>Adds the loss's gradients to those of the parameters.</summary>
    /// <param name="loss">One number.</param>
    /// <returns>That number.</returns>
    public static double Learn(this Tensor loss)
    {
        loss.backward();
        return loss.item<float>();
    }
}
