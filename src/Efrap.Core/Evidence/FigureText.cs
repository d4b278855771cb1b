using System.Globalization;

namespace Efrap.Core.Evidence;

/// <summary>Figures as people read them, in every culture the same.</summary>
internal static class FigureText
{
    private const double Smallest = 0.0005;

    /// <summary>Three places, or one digit and a power of ten where three places would say 0.</summary>
    /// <param name="value">The figure; null gives a dash.</param>
    internal static string Of(double? value) => value switch
    {
        null => "–",
        { } figure when Math.Abs(figure) is > 0 and < Smallest => figure.ToString("0E0", CultureInfo.InvariantCulture),
        { } figure => figure.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
