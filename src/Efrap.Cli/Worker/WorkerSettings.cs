using Efrap.Cli.Settings;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Worker;

/// <summary>Turns a request into what the engine is to do.</summary>
/// <param name="request">The request.</param>
/// <param name="host">The solvers of this installation, and the clock.</param>
/// <exception cref="EfrapException">In every member, <see cref="EfrapCode.InvalidSetting"/>, or what else its summary names.</exception>
internal sealed class WorkerSettings(WorkerRequest request, Host host)
{
    private static readonly string[] _actions = ["harden", "audit"];
    private static readonly string[] _modes = ["enforce", "report"];

    /// <summary>Whether a failed audit only warns.</summary>
    public bool IsReportOnly { get; } = SettingText.Choice(request.Mode ?? _modes[0], "mode", _modes, [false, true]);

    // What all audits of the request share: the policy, and the lattices.
    private AuditOptions Shared { get; } = SharedBy(request);

    /// <summary>Whether a model is hardened, and not only audited.</summary>
    /// <param name="model">The model.</param>
    public static bool IsHardened(WorkerModel model) => SettingText.Choice(model.Action ?? _actions[0], "action", _actions, [true, false]);

    /// <summary>How a model is hardened; the solver may be one that is not to be had.</summary>
    /// <param name="model">The model.</param>
    public HardenOptions Harden(WorkerModel model)
    {
        var options = new HardenOptions(model.Model, model.Output, Calibration(model) ?? throw Missing("calibration"))
        {
            SourcePath = model.Source,
            Threads = request.Threads,
            ReportPath = model.Report,
            AttestationPath = model.Evidence is { } evidence ? evidence + ".harden.intoto.json" : null,
        };
        // A quantized model's own file says what it is rounded to.
        if (model.Source is null || model.Precision is not null)
            options = options with { Precision = SettingText.Precision(model.Precision ?? throw Missing("precision"), "precision") };
        var solvers = new SolverChoices(host.Solvers);
        options = options with { Solver = solvers.Choose(model.Solver ?? options.Solver.Name, model.SolverSteps, model.SolverSeed, Key) };
        if (model.Granularity is { } granularity)
            options = options with { Granularity = SettingText.Granularity(granularity, "granularity") };
        if (model.Budget is { } budget)
            options = options with { Budget = budget };
        SettingRules.Check(options, Key);
        return options;
    }

    /// <summary>How a model is audited.</summary>
    /// <param name="model">The model.</param>
    public AuditOptions Audit(WorkerModel model)
    {
        var options = Shared with
        {
            ModelPath = model.Model,
            SourcePath = model.Source,
            Calibration = Calibration(model),
            Threads = request.Threads,
            Time = host.Time,
            Evidence = model.Evidence is { } evidence ? Evidence(evidence) : AuditEvidence.None,
        };
        if (request.ProbeTime is { } seconds)
            options = options with { ProbeTime = TimeSpan.FromSeconds(seconds) };
        SettingRules.Check(options, Key);
        return options;
    }

    /// <summary>How the rounding of a quantized model is verified.</summary>
    /// <param name="model">The model, with its source.</param>
    public VerifyOptions Verify(WorkerModel model) => new(model.Model)
    {
        SourcePath = model.Source,
        Calibration = Calibration(model),
        Budget = model.Budget,
        Threads = request.Threads,
        Policy = Shared.Policy,
        PolicyFile = Shared.PolicyFile,
        ReportPath = model.Evidence is { } evidence ? evidence + ".verify.json" : null,
    };

    private AuditEvidence Evidence(string path) => new()
    {
        ReportPath = path + ".audit.json",
        SarifPath = path + ".audit.sarif",
        HtmlPath = path + ".audit.html",
        StatementPath = path + ".audit.intoto.json",
        SarifRoot = request.Root,
    };

    private static AuditOptions SharedBy(WorkerRequest request)
    {
        var policy = request.Policy ?? new();
        var (effective, file) = new PolicySettings
        {
            File = policy.File,
            Profile = policy.Profile,
            Thresholds = policy.Thresholds ?? [],
            Severities = policy.Severities ?? [],
            Required = policy.Require ?? [],
        }.Read(name => "policy." + name);
        var options = new AuditOptions(string.Empty) { Policy = effective, PolicyFile = file };
        return request.Lattices is { } lattices ? options with { Lattices = LatticeText.Read(lattices, "lattices") } : options;
    }

    private static CalibrationOptions? Calibration(WorkerModel model) => model.Calibration is not { } path ? null : new(path)
    {
        Samples = model.Samples,
        Scale = model.CalibrationScale,
        Mean = model.CalibrationMean,
        Std = model.CalibrationStd,
    };

    private static EfrapException Missing(string setting) =>
        new(EfrapCode.InvalidSetting, $"{setting} is missing: a model that is hardened needs it.");

    // "calibration-scale" is the key "calibrationScale".
    private static string Key(string name)
    {
        var words = name.Split('-');
        return words[0] + string.Concat(words[1..].Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
