using System.Globalization;
using Efrap.Core.Evidence;
using Efrap.Core.Rounding;

namespace Efrap.Cli.Terminal;

/// <summary>Says which layers missed the activation budget.</summary>
internal static class BudgetNote
{
    /// <summary>Tells whether a layer missed the budget. Other solvers were given none.</summary>
    /// <param name="report">The engine's report.</param>
    /// <param name="layer">One of its layers.</param>
    /// <returns>True when it did.</returns>
    public static bool IsMissed(HardenReport report, LayerReport layer) => !layer.BudgetMet && report.Solver == Solver.Budget.Name;

    /// <summary>Puts the note together.</summary>
    /// <param name="report">The engine's report.</param>
    /// <returns>One line for all layers, or null when no layer missed the budget.</returns>
    public static string? Of(HardenReport report)
    {
        var missed = report.Layers.Where(layer => IsMissed(report, layer)).ToList();
        if (missed.Count == 0)
            return null;
        var worst = missed.MaxBy(layer => layer.Ratio)!;
        var inherited = missed.Count(layer => layer.InheritedError > report.Budget * layer.ActivationErrorNearest);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{missed.Count} of {report.Layers.Count} layers exceed the activation budget {report.Budget}, the worst is "
            + $"'{worst.Name}' at {worst.Ratio:F3}; they keep the rounding with the least activation error found. "
            + $"In {inherited} of them the error that arrives with their input is above the budget already. "
            + $"Check the accuracy of the hardened model.");
    }
}
