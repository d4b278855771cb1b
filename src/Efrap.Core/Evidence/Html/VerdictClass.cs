using Efrap.Core.Indicators;

namespace Efrap.Core.Evidence.Html;

/// <summary>How the page's style names verdicts, and how a verdict looks where it stands alone.</summary>
internal static class VerdictClass
{
    /// <summary>The style's class.</summary>
    internal static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "fail",
        Verdict.Warn => "warn",
        Verdict.Pass => "pass",
        _ => "none",
    };

    /// <summary>A label. Its words say what its colour says.</summary>
    internal static Markup Label(Verdict verdict) => Markup.Of($"""<span class="label {Of(verdict)}">{VerdictText.Of(verdict)}</span>""");

    /// <summary>The label of a failure that somebody accepted.</summary>
    internal static Markup Waived { get; } = Markup.Of($"""<span class="label warn">waived</span>""");
}
