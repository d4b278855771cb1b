using System.Globalization;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Terminal;

/// <summary>Says which layers missed the activation budget.</summary>
internal static class BudgetWarning
{
    /// <summary>Puts the warning together.</summary>
    /// <param name="report">The engine's report.</param>
    /// <returns>One line for all layers, or null when every layer met the budget.</returns>
    public static string? Of(HardenReport report)
    {
        var missed = report.Layers.Where(layer => !layer.BudgetMet).ToList();
        if (missed.Count == 0 || report.Solver == "nearest")
            return null;
        var worst = missed.MaxBy(layer => layer.Ratio)!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{missed.Count} of {report.Layers.Count} layers exceed the activation budget {report.Budget}, the worst is "
            + $"'{worst.Name}' at {worst.Ratio:F3}; they keep the rounding with the least activation error. "
            + $"Check the accuracy of the hardened model, give more varied calibration samples, or raise the budget.");
    }
}
