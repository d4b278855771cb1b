using System.CommandLine;
using Efrap.Cli.Settings;
using Efrap.Cli.Terminal;
using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Commands;

/// <summary><c>efrap verify</c> where it is given a release and not a model.</summary>
internal sealed class ReleaseArguments
{
    private readonly Option<string> _manifest = new("--manifest")
    {
        Description = "Of a release: the manifest that the build wrote [default: the efrap.manifest.json inside].",
        HelpName = "FILE",
    };

    /// <summary>The options that are for releases alone.</summary>
    public IEnumerable<Option> Options => [_manifest];

    /// <summary>Whether the command line is about a release, and about nothing else.</summary>
    /// <param name="parsed">The parsed command line, without errors.</param>
    /// <param name="path">The argument.</param>
    /// <param name="report">The option that models and releases share.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>: options of the one for the other.</exception>
    public bool Applies(ParseResult parsed, Argument<string> path, Option report)
    {
        var isRelease = VerifyRelease.IsRelease(parsed.GetRequiredValue(path));
        if (!isRelease && parsed.GetResult(_manifest) is not null)
            throw Meaningless(_manifest, "a model; it is for a folder, an archive, an assembly or a single-file app");
        if (isRelease && parsed.CommandResult.Command.Options.FirstOrDefault(o => o != _manifest && o != report && parsed.IsGiven(o)) is { } option)
            throw Meaningless(option, "a release; it is for a single model");
        return isRelease;
    }

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="parsed">The parsed command line, of a release.</param>
    /// <param name="path">The argument.</param>
    /// <param name="report">The option that models and releases share.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public VerifyReleaseOptions Read(ParseResult parsed, Argument<string> path, Option<string> report, TimeProvider time)
    {
        var options = new VerifyReleaseOptions(parsed.GetRequiredValue(path))
        {
            ManifestPath = parsed.GetValue(_manifest),
            ReportPath = parsed.GetValue(report),
            Time = time,
        };
        SettingRules.Check(options, name => name == "model" ? path.Name : "--" + name);
        return options;
    }

    /// <summary>Verifies a release and shows what was found.</summary>
    /// <param name="host">What it talks to.</param>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The exit code.</returns>
    public static int Run(Host host, VerifyReleaseOptions options, CancellationToken cancellationToken)
    {
        var terminal = host.Terminal();
        var report = terminal is null
            ? host.VerifyRelease(options, new ReleaseLines(options, host.Time, host.Output), cancellationToken)
            : new ReleaseProgressBar(terminal).Start(progress => host.VerifyRelease(options, progress, cancellationToken));
        new ReleaseSummary(report).Print(IPrinter.For(host, terminal));
        return ExitCodeOf(report.Verdict);
    }

    private static int ExitCodeOf(ReleaseVerdict verdict) => verdict switch
    {
        ReleaseVerdict.Pass => ExitCode.Clean,
        ReleaseVerdict.Fail => ExitCode.Failed,
        _ => ExitCode.NothingToDo,
    };

    private static EfrapException Meaningless(Option option, string with) =>
        new(EfrapCode.InvalidSetting, $"{option.Name} means nothing with {with}.");
}
