using System.CommandLine;
using Efrap.Cli.Settings;
using Efrap.Core;
using Efrap.Core.Calibration;

namespace Efrap.Cli.Commands;

/// <summary>The options that say where calibration samples are and what is done to them: the same for every verb.</summary>
internal sealed class CalibrationArguments
{
    private readonly Option<string> _path = new("--calibration", "-c")
    {
        Description = "Samples as the model sees them in use: a .npz or .npy file, or a folder of TensorProto .pb files.",
        HelpName = "PATH",
    };

    private readonly Option<string> _scale = new("--calibration-scale")
    {
        Description = "Multiplies every value first; 1/255 maps bytes to 0..1.",
        HelpName = "X",
    };

    private readonly Option<string> _mean = new("--calibration-mean")
    {
        Description = "Subtracted after scaling: one value, or one per channel.",
        HelpName = "a,b,c",
    };

    private readonly Option<string> _std = new("--calibration-std")
    {
        Description = "Divided by last: one value, or one per channel.",
        HelpName = "a,b,c",
    };

    private readonly Option<string> _samples = new("--samples")
    {
        Description = "Use only the first N samples [default: all].",
        HelpName = "N",
    };

    /// <summary>Sets the options up.</summary>
    /// <param name="required">Whether the verb cannot do without samples.</param>
    public CalibrationArguments(bool required) => _path.Required = required;

    /// <summary>The options, in the order of the help.</summary>
    public IReadOnlyList<Option> Options => [_path, .. Details];

    private IReadOnlyList<Option<string>> Details => [_scale, _mean, _std, _samples];

    /// <summary>Reads the settings.</summary>
    /// <param name="parsed">The parsed command line, without errors.</param>
    /// <returns>The settings, or null where no samples are given.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public CalibrationOptions? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_path) is not { } path)
        {
            return Details.FirstOrDefault(o => parsed.GetValue(o) is not null) is { } idle
                ? throw new EfrapException(EfrapCode.InvalidSetting, $"{idle.Name} means nothing without {_path.Name}.")
                : null;
        }

        return new CalibrationOptions(path)
        {
            Samples = parsed.GetValue(_samples) is { } samples ? SettingText.Whole(samples, _samples.Name) : null,
            Scale = parsed.GetValue(_scale) is { } scale ? SettingText.Number(scale, _scale.Name) : null,
            Mean = parsed.GetValue(_mean) is { } mean ? SettingText.Numbers(mean, _mean.Name) : null,
            Std = parsed.GetValue(_std) is { } std ? SettingText.Numbers(std, _std.Name) : null,
        };
    }
}
