namespace Efrap.Core.Calibration;

/// <summary>What is done to every value of a float input: times scale, minus mean, divided by standard deviation.</summary>
internal sealed class Preprocessing
{
    private readonly double[]? _mean;
    private readonly double[]? _std;

    private Preprocessing(double? scale, double[]? mean, double[]? std)
    {
        Scale = scale;
        _mean = mean;
        _std = std;
    }

    /// <summary>The factor, or null for 1.</summary>
    public double? Scale { get; }

    /// <summary>Whether nothing is to be done.</summary>
    public bool IsNone => Scale is null && _mean is null && _std is null;

    /// <summary>Whether the same is done to every channel.</summary>
    public bool IsUniform => _mean is null or [_] && _std is null or [_];

    /// <summary>Takes the settings, whose values do not yet depend on a model.</summary>
    /// <param name="options">The settings.</param>
    /// <returns>The preprocessing.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>: a value is not finite, a factor or divisor is
    /// zero, or a list is empty.</exception>
    public static Preprocessing Of(CalibrationOptions options) => new(
        options.Scale is { } scale ? Checked("scale", [scale], zeroAllowed: false)[0] : null,
        options.Mean is { } mean ? Checked("mean", mean, zeroAllowed: true) : null,
        options.Std is { } std ? Checked("std", std, zeroAllowed: false) : null);

    /// <summary>Checks that the lists fit a number of channels.</summary>
    /// <param name="channels">The size of axis 1; 1 where there is no such axis.</param>
    /// <returns>What does not fit, as a sentence without its full stop, or null.</returns>
    public string? Fault(long channels)
    {
        foreach (var (name, values) in new[] { ("mean", _mean), ("std", _std) })
        {
            if (values is not null && values.Length != 1 && values.Length != channels)
                return $"the calibration {name} has {values.Length} values; give one, or one for each of the {channels} channels on axis 1";
        }

        return null;
    }

    /// <summary>What is subtracted from a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>The value, or null for none.</returns>
    public double? Mean(int channel) => Of(_mean, channel);

    /// <summary>What a channel is divided by.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>The value, or null for none.</returns>
    public double? Std(int channel) => Of(_std, channel);

    private static double? Of(double[]? values, int channel) => values is null ? null : values[values.Length == 1 ? 0 : channel];

    private static double[] Checked(string name, IReadOnlyList<double> values, bool zeroAllowed)
    {
        if (values.Count > 0 && values.All(v => double.IsFinite(v) && (zeroAllowed || v != 0)))
            return [.. values];
        throw new EfrapException(
            EfrapCode.InvalidSetting,
            $"the calibration {name} must be {(zeroAllowed ? "finite" : "finite and not zero")}; it is '{string.Join(',', values)}'.");
    }
}
