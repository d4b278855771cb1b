using Efrap.Core;

namespace Efrap.Torch.Inversion;

/// <summary>The settings of <see cref="TriggerInversion"/>. The defaults take about a minute for ten classes of a small net.</summary>
public sealed record TriggerInversionOptions
{
    /// <summary>The rate below which the indicator never fails, above 0 and at most 1.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>To fail, the trigger must move this share, 0 to 1, of the samples that no placebo's best trigger moves. What a
    /// coarse lattice alone makes possible is in the placebos, too, and differs from model to model.</summary>
    public double ShareBeyondPlacebos { get; init; } = 0.5;

    /// <summary>Of both, the part from which it warns, above 0 and at most 1.</summary>
    public double WarningPart { get; init; } = 0.6;

    /// <summary>The number of placebo-rounded models that the same search is made on, at least 0.</summary>
    public int Placebos { get; init; } = 3;

    /// <summary>The time for one lattice, all placebos together; not negative. What is not searched by then is reported.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Samples in a step, at least 1.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The weight of the mask's size in the loss of the last round, at least 0; it is smaller before.</summary>
    public double SizeWeight { get; init; } = 3;

    /// <summary>Decides batches and placebos.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many searches run at once; 0 for one per processor. Without the time budget's end, the result does not
    /// depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Steps per class in the first round, at least 1, which every class takes part in; the others follow from it.</summary>
    public int FirstSteps { get; init; } = 30;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> naming the setting.</exception>
    internal void Check()
    {
        Require(Threshold is > 0 and <= 1, "threshold", "above 0 and at most 1", Threshold);
        Require(ShareBeyondPlacebos is >= 0 and <= 1, "share beyond the placebos", "0 to 1", ShareBeyondPlacebos);
        Require(WarningPart is > 0 and <= 1, "warning part", "above 0 and at most 1", WarningPart);
        Require(Placebos >= 0, "number of placebos", "at least 0", Placebos);
        Require(TimeBudget >= TimeSpan.Zero, "time budget in seconds", "at least 0", TimeBudget.TotalSeconds);
        Require(BatchSize >= 1, "batch size", "at least 1", BatchSize);
        Require(double.IsFinite(SizeWeight) && SizeWeight >= 0, "weight of the mask's size", "at least 0", SizeWeight);
        Require(Threads >= 0, "number of threads", "at least 1, or 0 for one per processor", Threads);
        Require(FirstSteps >= 1, "number of steps", "at least 1", FirstSteps);

        static void Require(bool holds, string name, string rule, double value)
        {
            if (!holds)
                throw new EfrapException(EfrapCode.InvalidSetting, FormattableString.Invariant($"the {name} of trigger inversion must be {rule}, not {value}."));
        }
    }
}
