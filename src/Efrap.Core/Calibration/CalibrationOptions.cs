namespace Efrap.Core.Calibration;

/// <summary>Where calibration samples come from and what is done to them before the model sees them.</summary>
/// <param name="Path">A <c>.npz</c> or <c>.npy</c> file, or a folder of <c>TensorProto</c> <c>.pb</c> files.</param>
public sealed record CalibrationOptions(string Path)
{
    /// <summary>The name of the file or folder, without the folder that it lies in.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <summary>The largest number of samples used, the first ones; null for all.</summary>
    public int? Samples { get; init; }

    /// <summary>What every value of a float input is multiplied by first; null for 1. <c>1/255</c> maps bytes to 0…1.</summary>
    public double? Scale { get; init; }

    /// <summary>Subtracted after scaling: one value, or one per channel (axis 1); null for 0.</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>Divided by last: one value, or one per channel (axis 1), none zero; null for 1.</summary>
    public IReadOnlyList<double>? Std { get; init; }
}
