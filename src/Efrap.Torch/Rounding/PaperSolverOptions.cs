using Efrap.Core;

namespace Efrap.Torch.Rounding;

/// <summary>What the activation term of the paper's objective is computed on.</summary>
public enum PaperObjective
{
    /// <summary>The activations themselves, in batches of samples: as published.</summary>
    Data,

    /// <summary>Their moments G and q: the mean over all samples at once.</summary>
    Moments,
}

/// <summary>The hyper-parameters of <see cref="PaperSolver"/>; the defaults are the paper's (arXiv 2405.12725, section 4.1).</summary>
public sealed record PaperSolverOptions
{
    /// <summary>What the activation term is computed on.</summary>
    public PaperObjective Objective { get; init; } = PaperObjective.Data;

    /// <summary>Steps of Adam per layer, at least 1.</summary>
    public int Steps { get; init; } = 10_000;

    /// <summary>Samples in a step, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Adam's learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The weight of Σ(1 − |2h − 1|²), which drives every h to 0 or 1; at least 0.</summary>
    public double Regularization { get; init; } = 0.01;

    /// <summary>The weight of Σ e·CE(h, 1 − n), which flips large truncation errors; at least 0.</summary>
    public double FlipWeight { get; init; } = 1;

    /// <summary>Where a layer rounds its input: Adam's learning rate for the scale of that, at the first step; at least 0.</summary>
    public double ScaleLearningRate { get; init; } = 4e-5;

    /// <summary>Decides which samples are in which batch.</summary>
    public int Seed { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> naming the setting.</exception>
    internal void Check()
    {
        Require(Steps >= 1, "number of steps", "at least 1", Steps);
        Require(BatchSize >= 1, "batch size", "at least 1", BatchSize);
        Require(double.IsFinite(LearningRate) && LearningRate > 0, "learning rate", "above 0", LearningRate);
        Require(double.IsFinite(ScaleLearningRate) && ScaleLearningRate >= 0, "learning rate of scales", "at least 0", ScaleLearningRate);
        Require(double.IsFinite(Regularization) && Regularization >= 0, "regularization", "at least 0", Regularization);
        Require(double.IsFinite(FlipWeight) && FlipWeight >= 0, "flip weight", "at least 0", FlipWeight);

        static void Require(bool holds, string name, string rule, double value)
        {
            if (!holds)
                throw new EfrapException(EfrapCode.InvalidSetting, FormattableString.Invariant($"the {name} of the paper's solver must be {rule}, not {value}."));
        }
    }
}
