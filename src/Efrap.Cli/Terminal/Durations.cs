using System.Globalization;

namespace Efrap.Cli.Terminal;

/// <summary>Spells durations.</summary>
internal static class Durations
{
    /// <summary>Spells an estimate, no finer than it deserves.</summary>
    /// <param name="time">The estimate.</param>
    /// <returns>For example <c>about 40 s left</c>.</returns>
    public static string Left(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "under 1 s left",
        { TotalSeconds: < 90 } => string.Create(CultureInfo.InvariantCulture, $"about {time.TotalSeconds:F0} s left"),
        { TotalMinutes: < 90 } => string.Create(CultureInfo.InvariantCulture, $"about {time.TotalMinutes:F0} min left"),
        _ => string.Create(CultureInfo.InvariantCulture, $"about {time.TotalHours:F0} h left"),
    };

    /// <summary>Spells a time in seconds for a table.</summary>
    /// <param name="time">The time.</param>
    /// <returns>For example <c>0.42</c>.</returns>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>Spells the time that a whole run took.</summary>
    /// <param name="time">The time.</param>
    /// <returns>For example <c>6.2 s</c> or <c>3 min 20 s</c>.</returns>
    public static string Total(TimeSpan time) => time.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s");
}
