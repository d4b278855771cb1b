namespace Efrap.Cli.Tests;

/// <summary>A clock that moves only when told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset _start = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private long _ticks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => _ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(_ticks);

    /// <summary>Moves the clock on.</summary>
    /// <param name="seconds">By how much.</param>
    public void Advance(double seconds) => _ticks += TimeSpan.FromSeconds(seconds).Ticks;
}
