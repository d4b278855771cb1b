namespace Efrap.Core;

/// <summary>The ranges of settings that several verbs have.</summary>
/// <exception cref="EfrapException">In every check, <see cref="EfrapCode.InvalidSetting"/> naming the setting.</exception>
internal static class SettingRanges
{
    /// <summary>Checks ρ, above 0 and at most 1.</summary>
    internal static void CheckBudget(double budget)
    {
        if (!(budget > 0 && budget <= 1))
            throw Invalid($"the activation budget is {budget}; it must lie above 0 and at most at 1.");
    }

    /// <summary>Checks the number of threads, 0 for one per processor.</summary>
    internal static void CheckThreads(int threads)
    {
        if (threads < 0)
            throw Invalid($"the number of threads is {threads}; it must be at least 1, or 0 for one per processor.");
    }

    /// <summary>Checks the number of samples to use; null for all.</summary>
    internal static void CheckSamples(int? samples)
    {
        if (samples is < 1)
            throw Invalid($"the number of samples is {samples}; it must be at least 1.");
    }

    /// <summary>The number of threads that a setting stands for.</summary>
    internal static int ThreadsOf(int threads) => threads > 0 ? threads : Environment.ProcessorCount;

    /// <summary>The refusal of a setting.</summary>
    internal static EfrapException Invalid(string what) => new(EfrapCode.InvalidSetting, what);
}
