using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>Two models of one graph: F in full precision and Q with rounded weights. Both map samples to logits [n, classes].</summary>
/// <param name="FullPrecision">F.</param>
/// <param name="Rounded">Q.</param>
internal sealed record ModelPair(Func<Tensor, Tensor> FullPrecision, Func<Tensor, Tensor> Rounded)
{
    /// <summary>Counts the samples that a trigger moves to a class in Q and that keep their class in F.</summary>
    /// <param name="target">The class.</param>
    /// <param name="batches">The samples, [n, …], and F's classes, [n].</param>
    /// <param name="stamp">Puts the trigger on samples.</param>
    /// <returns>Their number, and that of all samples.</returns>
    internal (int Successes, int Trials) Score(
        int target, IEnumerable<(Tensor Samples, Tensor Predictions)> batches, Func<Tensor, Tensor> stamp)
    {
        using var noGradient = no_grad();
        var (successes, trials) = (0, 0);
        foreach (var (x, predictions) in batches)
        {
            using var scope = NewDisposeScope();
            var stamped = stamp(x);
            var moved = Rounded(stamped).argmax(1).Is(target);
            var kept = FullPrecision(stamped).argmax(1) == predictions;
            successes += (int)moved.logical_and(kept).sum().item<long>();
            trials += (int)x.shape[0];
        }

        return (successes, trials);
    }
}
