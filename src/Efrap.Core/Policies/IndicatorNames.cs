using System.Text.Json;

namespace Efrap.Core.Policies;

/// <summary>The names by which policies and reports call indicators.</summary>
public static class IndicatorNames
{
    private const int FirstCode = 3101;
    private const int LastCode = 3199;

    /// <summary>All names, those of other tiers included: a policy may speak of an indicator that this installation lacks.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Enum.GetValues<EfrapCode>().Where(c => (int)c is >= FirstCode and <= LastCode).Select(Of)];

    /// <summary>The name of the indicator whose findings are filed under a code, such as <c>trigger-probe</c>.</summary>
    /// <param name="code">The code.</param>
    public static string Of(EfrapCode code) => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());
}
