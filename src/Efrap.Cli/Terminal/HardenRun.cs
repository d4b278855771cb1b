using Efrap.Core;

namespace Efrap.Cli.Terminal;

/// <summary>A hardening run as it goes: where it is, how long each layer took, how long the rest may take. Safe to use from several threads.</summary>
internal sealed class HardenRun
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly List<(string Layer, TimeSpan Time)> _layerTimes = [];
    private HardenProgress _latest;
    private long? _firstLayerStart;
    private long _lastLayerEnd;

    /// <summary>Starts the clock.</summary>
    /// <param name="options">What is run.</param>
    /// <param name="time">The clock.</param>
    public HardenRun(HardenOptions options, TimeProvider time)
    {
        Options = options;
        _time = time;
        _start = time.GetTimestamp();
        _latest = new HardenProgress("starting", null, 0, 0, TimeSpan.Zero);
    }

    /// <summary>What is run.</summary>
    public HardenOptions Options { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _time;

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>The engine's latest word.</summary>
    public HardenProgress Latest
    {
        get
        {
            lock (_lock)
                return _latest;
        }
    }

    /// <summary>The layers finished so far, in order, and the time each took.</summary>
    public IReadOnlyList<(string Layer, TimeSpan Time)> LayerTimes
    {
        get
        {
            lock (_lock)
                return [.. _layerTimes];
        }
    }

    /// <summary>The time that the layers left may take, if they are like those done on average; null before the first is done.</summary>
    public TimeSpan? TimeLeft
    {
        get
        {
            lock (_lock)
            {
                var (done, left) = (_latest.LayersDone, _latest.LayerCount - _latest.LayersDone);
                if (_firstLayerStart is not { } start || done <= 0 || left < 0)
                    return null;
                var expected = _time.GetElapsedTime(start, _lastLayerEnd) / done * left;
                var passed = _time.GetElapsedTime(_lastLayerEnd);
                return expected > passed ? expected - passed : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Takes in the engine's word.</summary>
    /// <param name="progress">The engine's word.</param>
    public void Update(HardenProgress progress)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (progress.LayerCount > 0)
                _firstLayerStart ??= now;
            if (progress.Layer is { } layer && progress.LayersDone > _latest.LayersDone)
            {
                _lastLayerEnd = now;
                _layerTimes.Add((layer, progress.LayerTime));
            }

            _latest = progress;
        }
    }
}
