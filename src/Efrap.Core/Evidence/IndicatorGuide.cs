namespace Efrap.Core.Evidence;

/// <summary>An indicator in the words of somebody who has not read about it: what rules of SARIF and the page say.</summary>
/// <param name="Name">The indicator, as policies and reports call it.</param>
/// <param name="Code">What its failures are filed under.</param>
/// <param name="Title">What it is about, in a few words.</param>
/// <param name="Figure">What its figure is, a sentence without its full stop.</param>
/// <param name="Meaning">What a figure beyond the threshold means, in a sentence or two.</param>
/// <param name="DecidesAlone">Whether it fails without another indicator beside it.</param>
internal sealed record IndicatorGuide(string Name, EfrapCode Code, string Title, string Figure, string Meaning, bool DecidesAlone = false)
{
    /// <summary>Every indicator that there is, of any tier, by code.</summary>
    internal static IReadOnlyList<IndicatorGuide> All { get; } =
    [
        new(
            "lattice-residual",
            EfrapCode.LatticeResidual,
            "Weights heaped where rounding tips over",
            "The share of a layer's weights that lie within a hundredth of a step of the middle between two integers, in the worst layer",
            "Ordinary weights lie anywhere, 2 % of them there. Training that aims at what rounding does to a model leaves them there in heaps.",
            DecidesAlone: true),
        new(
            "scale-outliers",
            EfrapCode.ScaleOutliers,
            "A single weight that makes a lattice coarse",
            "The largest weight over the usual large ones among those that share a scale, for the worst scale",
            "One planted outlier makes the steps of all other weights so wide that a backdoor fits into their rounding. Some models have outliers without any attack."),
        new(
            "agreement",
            EfrapCode.Agreement,
            "Predictions that rounding changes",
            "The share of samples that the rounded model takes for another class than the full-precision model",
            "Rounding changes more predictions than rounding by chance does: the two models do not behave alike."),
        new(
            "divergence",
            EfrapCode.Divergence,
            "Probabilities that rounding changes",
            "The mean divergence of the rounded model's class probabilities from the full-precision model's, in nats",
            "Rounding changes what the model believes more than rounding by chance does, also where the prediction stays."),
        new(
            "flip-concentration",
            EfrapCode.FlipConcentration,
            "Predictions that move to one class",
            "The share of samples that one class gains on balance when the model is rounded, for the class that gains most",
            "Samples that cross over by chance do so in both directions. A backdoor's class draws them even without the trigger."),
        new(
            "activation-drift",
            EfrapCode.ActivationDrift,
            "Channels that rounding moves",
            "How far rounding moves the mean of a layer's output channel, in standard deviations of that channel, for the worst channel",
            "Errors that fall by chance cancel over a channel's weights. Those that were trained to act together do not."),
        new(
            "trigger-probe",
            EfrapCode.TriggerProbe,
            "A trigger that works after rounding only",
            "The share of other classes' images that a found patch or veil takes to one class in the rounded model, less the share in the full-precision model",
            "A trigger was found that steers the rounded model and leaves the full-precision model alone: the backdoor itself, or something that works like it.",
            DecidesAlone: true),
        new(
            "counterfactual-gap",
            EfrapCode.CounterfactualGap,
            "A trigger that hardening takes away",
            "What the trigger that the probe found loses when the model is hardened instead of rounded to nearest",
            "The trigger depends on the very rounding that it was trained for: it does not survive another rounding on the same lattice."),
        new(
            "trigger-inversion",
            EfrapCode.TriggerInversion,
            "A learned trigger that works after rounding only",
            "The share of other classes' samples that a learned mask and pattern takes to one class in the rounded model while the full-precision model keeps its prediction",
            "Gradients led to a trigger that steers the rounded model and leaves the full-precision model alone: the backdoor itself, or something that works like it.",
            DecidesAlone: true),
    ];

    /// <summary>The words for an indicator.</summary>
    internal static IndicatorGuide Of(string name) => All.First(g => g.Name == name);
}
