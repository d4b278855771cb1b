using System.Globalization;
using Efrap.Build.Tasks.Protocol;
using Microsoft.Build.Framework;

namespace Efrap.Build.Tasks;

/// <summary>Turns an <c>EfrapModel</c> item into what the worker is asked for.</summary>
/// <remarks>
/// Only what the request's JSON needs is checked here: that something is given and that numbers are numbers.
/// What a value may be is the engine's to say.
/// </remarks>
internal static class ModelItem
{
    /// <summary>Reads one item.</summary>
    /// <param name="item">The item; its identity is the model, its metadata are those of <c>docs/build.md</c> and the output paths.</param>
    /// <param name="projectDirectory">What relative paths are relative to.</param>
    /// <returns>The entry of the request; all paths are absolute.</returns>
    /// <exception cref="SettingException">A setting is missing, not a number, or not supported.</exception>
    public static ModelRequest Read(ITaskItem item, string projectDirectory)
    {
        bool isHardened = IsHardened(item);
        bool hasSource = Text(item, "Source") is not null;
        bool isImplied = hasSource && item.GetMetadata("EfrapSourceIsImplied") == "true";
        if (isHardened && item.GetMetadata("Calibration").Length == 0)
        {
            throw new SettingException($"EfrapModel '{item.ItemSpec}' has no Calibration: hardening needs samples of the model's input; "
                + "add Calibration=\"samples.npz\" (or .npy, or a folder of .pb files), or Action=\"Skip\" to ship the model as it is");
        }

        return new ModelRequest
        {
            Id = item.ItemSpec,
            Action = isHardened ? "harden" : "audit",
            IsListed = item.GetMetadata("EfrapUnlisted") == "true" ? false : null,
            Model = item.GetMetadata("FullPath"),
            Output = Absolute(item, "EfrapOutput", projectDirectory),
            Report = Absolute(item, "EfrapReport", projectDirectory),
            Source = !hasSource ? null : Absolute(item, "Source", projectDirectory),
            SourceIsImplied = isImplied ? true : null,
            Evidence = Absolute(item, "EfrapEvidence", projectDirectory),
            // The default of every item; what is quantized already stays what it is.
            Precision = hasSource && !isImplied ? null : Text(item, "Precision"),
            Calibration = Text(item, "Calibration") is null ? null : Absolute(item, "Calibration", projectDirectory),
            CalibrationScale = Number(item, "CalibrationScale"),
            CalibrationMean = Numbers(item, "CalibrationMean"),
            CalibrationStd = Numbers(item, "CalibrationStd"),
            Samples = Whole(item, "CalibrationSamples"),
            Budget = Number(item, "Budget"),
            Solver = Text(item, "Solver"),
            SolverSteps = Whole(item, "SolverSteps"),
            SolverSeed = Whole(item, "SolverSeed"),
            Granularity = Text(item, "Granularity"),
        };
    }

    /// <summary>Whether the model is hardened, and not only audited.</summary>
    /// <param name="item">The item.</param>
    /// <exception cref="SettingException">Its <c>Action</c> is neither.</exception>
    public static bool IsHardened(ITaskItem item)
    {
        string action = item.GetMetadata("Action");
        return string.Equals(action, "Harden", StringComparison.OrdinalIgnoreCase)
            || (string.Equals(action, "Audit", StringComparison.OrdinalIgnoreCase)
                ? false
                : throw Wrong(item, "Action", action, "there are Harden, Audit and Skip"));
    }

    private static string Absolute(ITaskItem item, string name, string projectDirectory)
    {
        string path = item.GetMetadata(name);
        try
        {
            return Path.GetFullPath(Path.Combine(projectDirectory, path));
        }
        // .NET Framework refuses some characters that .NET leaves to the file system.
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw Wrong(item, name, path, $"this is no path: {exception.Message}");
        }
    }

    private static string? Text(ITaskItem item, string name) => item.GetMetadata(name) is { Length: > 0 } text ? text : null;

    private static int? Whole(ITaskItem item, string name) =>
        item.GetMetadata(name) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value
        : throw Wrong(item, name, text, "a whole number is needed");

    private static double? Number(ITaskItem item, string name) =>
        Numbers(item, name) switch
        {
            null => null,
            { Length: 1 } numbers => numbers[0],
            _ => throw Wrong(item, name, item.GetMetadata(name), "one number is needed, like 0.5"),
        };

    private static double[]? Numbers(ITaskItem item, string name)
    {
        string text = item.GetMetadata(name);
        return text.Length == 0 ? null : [.. text.Split(',', ';').Select(Parse)];

        double Parse(string part)
        {
            double[] fraction = [.. part.Split('/').Select(Decimal)];
            double value = fraction.Length switch
            {
                1 => fraction[0],
                2 => fraction[0] / fraction[1],
                _ => double.NaN,
            };
            return double.IsNaN(value) || double.IsInfinity(value)
                ? throw Wrong(item, name, text, "numbers are written like 0.5 or 1/255, several are separated by commas")
                : value;
        }
    }

    private static double Decimal(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    private static SettingException Wrong(ITaskItem item, string name, string value, string why) =>
        new($"EfrapModel '{item.ItemSpec}' has {name}=\"{value}\": {why}");
}
