using Efrap.Cli.Settings;
using Efrap.Core;
using Efrap.Core.Calibration;

namespace Efrap.Cli.Worker;

/// <summary>Turns a model of a request into what the engine is to do.</summary>
internal static class WorkerSettings
{
    /// <summary>Reads and checks the settings.</summary>
    /// <param name="model">The model.</param>
    /// <param name="threads">The request's number of threads.</param>
    /// <param name="solvers">The solvers that this installation has.</param>
    /// <returns>What the engine is to do.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>, or the solver is not to be had.</exception>
    public static HardenOptions Of(WorkerModel model, int threads, SolverChoices solvers)
    {
        var calibration = new CalibrationOptions(model.Calibration)
        {
            Samples = model.Samples,
            Scale = model.CalibrationScale,
            Mean = model.CalibrationMean,
            Std = model.CalibrationStd,
        };
        var options = new HardenOptions(model.Model, model.Output, calibration)
        {
            Precision = SettingText.Precision(model.Precision, "precision"),
            Threads = threads,
            ReportPath = model.Report,
        };
        options = options with { Solver = solvers.Choose(model.Solver ?? options.Solver.Name, model.SolverSteps, model.SolverSeed, Key) };
        if (model.Granularity is { } granularity)
            options = options with { Granularity = SettingText.Granularity(granularity, "granularity") };
        if (model.Budget is { } budget)
            options = options with { Budget = budget };
        SettingRules.Check(options, Key);
        return options;
    }

    // "calibration-scale" is the key "calibrationScale".
    private static string Key(string name)
    {
        var words = name.Split('-');
        return words[0] + string.Concat(words[1..].Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
