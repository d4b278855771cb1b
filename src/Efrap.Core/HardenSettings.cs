using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core;

/// <summary>The settings' ranges, and how the command line spells them.</summary>
public static class HardenSettings
{
    /// <summary>The spelling of a precision on the command line and in reports.</summary>
    /// <param name="precision">The precision.</param>
    /// <returns><c>int8</c>, <c>int8-weights</c>, <c>int4-weights</c> or <c>w4a4</c>.</returns>
    public static string Spell(Precision precision) => precision switch
    {
        Precision.Int8 => "int8",
        Precision.Int8Weights => "int8-weights",
        Precision.Int4Weights => "int4-weights",
        Precision.W4A4 => "w4a4",
        _ => throw new ArgumentOutOfRangeException(nameof(precision)),
    };

    /// <summary>The precisions that models are shipped in; <see cref="Precision.W4A4"/> is there to measure in.</summary>
    public static IReadOnlyList<Precision> Shipped { get; } = [Precision.Int8, Precision.Int8Weights, Precision.Int4Weights];

    /// <summary>The spelling of a granularity on the command line and in reports.</summary>
    /// <param name="granularity">The granularity.</param>
    /// <returns><c>per-channel</c> or <c>per-tensor</c>.</returns>
    public static string Spell(Granularity granularity) => granularity switch
    {
        Granularity.PerChannel => "per-channel",
        Granularity.PerTensor => "per-tensor",
        _ => throw new ArgumentOutOfRangeException(nameof(granularity)),
    };

    /// <summary>Checks the options before any work is done.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/> naming the setting.</exception>
    public static void Check(HardenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SettingRanges.CheckBudget(options.Budget);
        if (options is { Precision: Precision.W4A4, Granularity: not Granularity.PerChannel })
            throw SettingRanges.Invalid($"the precision {Spell(Precision.W4A4)} is {Spell(Granularity.PerChannel)}; it cannot be {Spell(options.Granularity)}.");
        if (options.SourcePath is not null)
            CheckSource(options);
        SettingRanges.CheckThreads(options.Threads);
        SettingRanges.CheckSamples(options.Calibration.Samples);
        foreach (var (name, path) in new[] { ("model", options.ModelPath), ("output", options.OutputPath), ("calibration", options.Calibration.Path) })
        {
            if (string.IsNullOrWhiteSpace(path))
                throw SettingRanges.Invalid($"the path of the {name} is empty.");
        }

        if (Path.GetFullPath(options.OutputPath) == Path.GetFullPath(options.ModelPath))
            throw SettingRanges.Invalid("the output is the model itself; choose another path.");
        CheckDistinct([("output", options.OutputPath), ("report", options.ReportPath), ("attestation", options.AttestationPath)]);
    }

    private static void CheckDistinct(IReadOnlyList<(string Name, string? Path)> written)
    {
        var seen = new Dictionary<string, string>();
        foreach (var (name, path) in written)
        {
            if (path is not null && !seen.TryAdd(Path.GetFullPath(path), name))
                throw SettingRanges.Invalid($"the {name} and the {seen[Path.GetFullPath(path)]} are the same file; choose another path.");
        }
    }

    private static void CheckSource(HardenOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.SourcePath))
            throw SettingRanges.Invalid("the path of the source is empty.");
        if (Path.GetFullPath(options.OutputPath) == Path.GetFullPath(options.SourcePath))
            throw SettingRanges.Invalid("the output is the source itself; choose another path.");
        if (options.Precision != Precision.Int8 || options.Granularity != Granularity.PerChannel)
            throw SettingRanges.Invalid("a precision or a granularity was given with a source; the quantized model decides both.");
        if (!Solver.All.Contains(options.Solver))
        {
            throw SettingRanges.Invalid(
                $"the solver {options.Solver.Name} does not round the integers of a quantized model; choose one of "
                + $"{string.Join(", ", Solver.All.Select(s => s.Name))}.");
        }
    }
}
