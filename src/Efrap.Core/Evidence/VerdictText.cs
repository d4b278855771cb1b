using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence;

/// <summary>Verdicts as people read them.</summary>
public static class VerdictText
{
    /// <summary>For example <c>not measured</c>.</summary>
    /// <param name="verdict">The verdict.</param>
    public static string Of(Verdict verdict) => verdict == Verdict.NotMeasured ? "not measured" : verdict.ToString().ToLowerInvariant();
}
