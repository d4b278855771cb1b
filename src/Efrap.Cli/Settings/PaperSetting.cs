using Efrap.Core;
using Efrap.Core.Quantization;

namespace Efrap.Cli.Settings;

/// <summary>
/// The configuration that the paper evaluates in (arXiv 2405.12725, section 4.1), for comparison with it: 4-bit weights and
/// activations, 8 bits in the first and the last layer, 1,024 samples.
/// </summary>
internal static class PaperSetting
{
    /// <summary>Its spelling.</summary>
    public const string Name = "paper";

    private const int Samples = 1024;

    /// <summary>Puts the configuration in place of the defaults.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The options in the paper's setting.</returns>
    public static HardenOptions Apply(HardenOptions options) => options with
    {
        Precision = Precision.W4A4,
        Calibration = options.Calibration with { Samples = options.Calibration.Samples ?? Samples },
    };
}
