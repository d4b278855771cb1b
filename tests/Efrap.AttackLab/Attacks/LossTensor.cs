using Efrap.AttackLab.Nets;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Attacks;

/// <summary>Losses, and what is done with them.</summary>
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

    /// <summary>A net's probabilities, as something to learn from: no gradient goes back through them.</summary>
    /// <param name="teacher">The net.</param>
    /// <param name="inputs">[N, …].</param>
    /// <returns>[N, classes].</returns>
    public static Tensor Probabilities(this LabNet teacher, Tensor inputs)
    {
        using var noGradient = no_grad();
        return nn.functional.softmax(teacher.forward(inputs), 1);
    }

    /// <summary>The cross-entropy of logits against probabilities.</summary>
    /// <param name="logits">[N, classes].</param>
    /// <param name="probabilities">[N, classes].</param>
    /// <returns>The mean over N.</returns>
    public static Tensor Unlikeness(this Tensor logits, Tensor probabilities) =>
        -(probabilities * nn.functional.log_softmax(logits, 1)).sum(1).mean();
}
