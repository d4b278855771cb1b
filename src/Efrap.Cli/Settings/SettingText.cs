using System.Globalization;
using Efrap.Core;
using Efrap.Core.Quantization;

namespace Efrap.Cli.Settings;

/// <summary>Reads the values of settings from text, the same way for the command line and for the worker.</summary>
internal static class SettingText
{
    /// <summary>The precisions, as they are spelt.</summary>
    public static readonly IReadOnlyList<string> Precisions = [.. HardenSettings.Shipped.Select(HardenSettings.Spell)];

    /// <summary>Reads a precision.</summary>
    /// <param name="text">The text.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <returns>The precision.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static Precision Precision(string text, string setting) => Choice(text, setting, Precisions, HardenSettings.Shipped);

    /// <summary>The granularities, as they are spelt.</summary>
    public static readonly IReadOnlyList<string> Granularities = [.. Enum.GetValues<Granularity>().Select(HardenSettings.Spell)];

    /// <summary>Reads a granularity.</summary>
    /// <param name="text">The text.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <returns>The granularity.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static Granularity Granularity(string text, string setting) =>
        Choice(text, setting, Granularities, Enum.GetValues<Granularity>());

    /// <summary>Reads a number, decimal or a fraction such as <c>1/255</c>.</summary>
    /// <param name="text">The text, with a point as decimal separator.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <returns>A finite number.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static double Number(string text, string setting)
    {
        var parts = text.Split('/');
        if (parts.Length <= 2 && parts.All(IsDecimal))
        {
            var value = parts.Select(Decimal).Aggregate((numerator, denominator) => numerator / denominator);
            if (double.IsFinite(value))
                return value;
        }

        throw Wrong(setting, text, "a number such as 0.5 or a fraction such as 1/255");
    }

    /// <summary>Reads numbers separated by commas.</summary>
    /// <param name="text">The text.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <returns>At least one finite number.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static IReadOnlyList<double> Numbers(string text, string setting) =>
        [.. text.Split(',').Select(part => Number(part, setting))];

    /// <summary>Reads a whole number.</summary>
    /// <param name="text">The text.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <returns>The number.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static int Whole(string text, string setting) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(setting, text, "a whole number");

    /// <summary>Reads one of several words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <param name="spellings">The words.</param>
    /// <param name="values">What they mean, in the same order.</param>
    /// <returns>The meaning.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static T Choice<T>(string text, string setting, IReadOnlyList<string> spellings, IReadOnlyList<T> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (spellings[i] == text)
                return values[i];
        }

        throw Wrong(setting, text, $"one of {string.Join(", ", spellings)}");
    }

    private static bool IsDecimal(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static double Decimal(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static EfrapException Wrong(string setting, string text, string expected) =>
        new(EfrapCode.InvalidSetting, $"{setting} must be {expected}, not '{text}'.");
}
