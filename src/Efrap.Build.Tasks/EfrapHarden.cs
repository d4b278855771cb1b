using System.Globalization;
using System.Text;
using Efrap.Build.Tasks.Cache;
using Efrap.Build.Tasks.Protocol;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Efrap.Build.Tasks;

/// <summary>
/// Asks a worker process to audit models, and to harden those that are to be, and turns what it says into the build's errors, warnings and messages.
/// Cancelling the build kills the worker.
/// </summary>
public sealed class EfrapHarden : ToolTask
{
    private volatile bool _isCancelled;
    private volatile CancellationTokenSource? _waiting;
    private WorkerAnswer _answer = new([]);
    private CachedRun? _cached;

    /// <summary>The <c>EfrapModel</c> items, with <c>EfrapOutput</c> and <c>EfrapReport</c> for what is to be written.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>The worker, <c>efrap.dll</c>.</summary>
    [Required]
    public string Worker { get; set; } = "";

    /// <summary>Where the request is written; it stays there, for whoever wants to repeat it by hand.</summary>
    [Required]
    public string RequestFile { get; set; } = "";

    /// <summary>The project that is built: errors in settings are errors in this file.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>The folder with the pages that explain the codes.</summary>
    [Required]
    public string DocsDirectory { get; set; } = "";

    /// <summary>The property <c>EfrapThreads</c>: the number of threads, 0 for one per processor.</summary>
    public string Threads { get; set; } = "0";

    /// <summary>The property <c>EfrapMode</c>: what a failed audit comes to, <c>Enforce</c> an error, <c>Report</c> a warning.</summary>
    public string Mode { get; set; } = "Enforce";

    /// <summary>The property <c>EfrapProbeTime</c>: what the trigger probe may take per model, in seconds.</summary>
    public string ProbeTime { get; set; } = "";

    /// <summary>The folder that evidence names models relative to: the repository's root; nothing for the project's folder.</summary>
    public string SourceRoot { get; set; } = "";

    /// <summary>The property <c>EfrapLattices</c>: the lattices that are audited, separated by semicolons or commas; nothing for all.</summary>
    public string Lattices { get; set; } = "";

    /// <summary>The property <c>EfrapPolicyFile</c>: the policy, or nothing for the default.</summary>
    public string PolicyFile { get; set; } = "";

    /// <summary>The property <c>EfrapProfile</c>: overrides the policy's profile.</summary>
    public string Profile { get; set; } = "";

    /// <summary>The property <c>EfrapThresholds</c>: <c>INDICATOR=X</c>, separated by semicolons.</summary>
    public string Thresholds { get; set; } = "";

    /// <summary>The property <c>EfrapSeverities</c>: <c>INDICATOR=warn</c>, separated by semicolons.</summary>
    public string Severities { get; set; } = "";

    /// <summary>The property <c>EfrapRequire</c>: indicators, separated by semicolons.</summary>
    public string Require { get; set; } = "";

    /// <summary>The property <c>EfrapCacheDir</c>: where results are kept for other builds; nothing for no cache.</summary>
    public string CacheDirectory { get; set; } = "";

    /// <summary>The property <c>EfrapCacheSize</c>: what the cache may take, in megabytes.</summary>
    public string CacheSize { get; set; } = "2048";

    /// <summary>The <c>dotnet</c> to run the worker with; empty for the one that runs the build.</summary>
    public string DotNetHostPath { get; set; } = "";

    /// <inheritdoc/>
    protected override string ToolName => "dotnet";

    /// <inheritdoc/>
    protected override Encoding StandardOutputEncoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    protected override Encoding StandardErrorEncoding => StandardOutputEncoding;

    // A line arrives without the name of its stream, but with the importance of it: two importances keep the streams apart.
    /// <inheritdoc/>
    protected override MessageImportance StandardOutputLoggingImportance => MessageImportance.Low;

    /// <inheritdoc/>
    protected override MessageImportance StandardErrorLoggingImportance => MessageImportance.Normal;

    /// <inheritdoc/>
    public override bool Execute()
    {
        string concerned = ProjectFile;
        using var cancellation = new CancellationTokenSource();
        _waiting = cancellation;
        try
        {
            WorkerRequest request = Request();
            _cached = Cache();
            if (_cached is not null && ValidateParameters())
                request.Models = _cached.Restore(request, CacheKey.OfEngine(Worker, DotNetHost.Find(DotNetHostPath)), Show, cancellation.Token);
            if (request.Models.Length == 0 || Log.HasLoggedErrors)
                return !Log.HasLoggedErrors;
            concerned = RequestFile;
            request.WriteTo(RequestFile);
            _answer = new(request.Models);
            return base.Execute() && !Log.HasLoggedErrors;
        }
        catch (SettingException exception)
        {
            LogError(Codes.InvalidSetting, ProjectFile, exception.Message);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogError(Codes.OutputNotWritten, concerned, $"a file cannot be written: {exception.Message}");
            return false;
        }
        finally
        {
            _waiting = null;
            _cached?.Dispose();
        }
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        _isCancelled = true;
        _waiting?.Cancel();
        base.Cancel();
    }

    /// <inheritdoc/>
    protected override bool ValidateParameters()
    {
        if (!File.Exists(Worker))
            LogError(Codes.WorkerNotStarted, Worker, "the worker is not there: the package is incomplete; delete its folder and restore again");
        else if (DotNetHost.Find(DotNetHostPath) is null)
            LogError(Codes.WorkerNotStarted, ProjectFile, "no dotnet was found to run the worker with: install the .NET 10 runtime or put dotnet on the PATH");
        return !Log.HasLoggedErrors;
    }

    /// <inheritdoc/>
    protected override string? GenerateFullPathToTool() => DotNetHost.Find(DotNetHostPath);

    /// <inheritdoc/>
    protected override string GenerateCommandLineCommands()
    {
        var commandLine = new CommandLineBuilder();
        commandLine.AppendSwitch("exec");
        commandLine.AppendFileNameIfNotNull(Worker);
        commandLine.AppendSwitch("worker");
        commandLine.AppendFileNameIfNotNull("@" + RequestFile);
        return commandLine.ToString();
    }

    // ToolTask shows its command line at high importance, where a build that goes well should be silent.
    /// <inheritdoc/>
    protected override void LogToolCommand(string message) => Log.LogMessage(MessageImportance.Low, message);

    /// <inheritdoc/>
    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        if (messageImportance == StandardErrorLoggingImportance)
            _answer.TakePrinted(singleLine);
        else if (WorkerMessage.Parse(singleLine) is not { } message)
            _answer.TakeStray(singleLine);
        else
        {
            _cached?.Take(message);
            Show(message);
        }
    }

    /// <inheritdoc/>
    protected override int ExecuteTool(string pathToTool, string responseFileCommands, string commandLineCommands)
    {
        int exitCode = base.ExecuteTool(pathToTool, responseFileCommands, commandLineCommands);
        if (!_isCancelled)
            Judge(exitCode);
        return exitCode;
    }

    // What an exit code means was said by Judge; ToolTask would add an error of its own to it.
    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors() => false;

    private WorkerRequest Request()
    {
        bool isReport = string.Equals(Mode, "Report", StringComparison.OrdinalIgnoreCase);
        if (!isReport && !string.Equals(Mode, "Enforce", StringComparison.OrdinalIgnoreCase))
            throw new SettingException($"EfrapMode is \"{Mode}\": there are Enforce and Report");
        if (!int.TryParse(Threads, out int threads) || threads < 0)
            throw new SettingException($"EfrapThreads is \"{Threads}\": a number of threads is needed, or 0 for one per processor");
        string projectDirectory = Path.GetDirectoryName(Path.GetFullPath(ProjectFile))!;
        return new()
        {
            Threads = threads,
            Mode = isReport ? "report" : "enforce",
            ProbeTime = ProbeTime.Length == 0 ? null
                : double.TryParse(ProbeTime, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds >= 0 ? seconds
                : throw new SettingException($"EfrapProbeTime is \"{ProbeTime}\": a number of seconds is needed"),
            Root = SourceRoot.Length == 0 ? projectDirectory : Path.GetFullPath(Path.Combine(projectDirectory, SourceRoot)),
            Lattices = Words(Lattices) is { } lattices ? string.Join(",", lattices) : null,
            Policy = new()
            {
                File = PolicyFile.Length == 0 ? null : Path.GetFullPath(Path.Combine(projectDirectory, PolicyFile)),
                Profile = Profile.Length == 0 ? null : Profile,
                Thresholds = Words(Thresholds),
                Severities = Words(Severities),
                Require = Words(Require),
            },
            Models = [.. Models.Select(item => ModelItem.Read(item, projectDirectory))],
        };
    }

    private CachedRun? Cache()
    {
        if (CacheDirectory.Length == 0)
            return null;
        if (!long.TryParse(CacheSize, NumberStyles.None, CultureInfo.InvariantCulture, out long megabytes) || megabytes > long.MaxValue >> 20)
            throw new SettingException($"EfrapCacheSize is \"{CacheSize}\": a number of megabytes is needed");
        string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(ProjectFile))!, CacheDirectory));
        return new CachedRun(new ResultCache(folder, megabytes << 20), text => Log.LogMessage(MessageImportance.Normal, text));
    }

    private static string[]? Words(string list) =>
        list.Length == 0 ? null : [.. list.Split(';', ',').Select(word => word.Trim()).Where(word => word.Length > 0)];

    private void Show(WorkerMessage message)
    {
        _answer.Take(message);
        switch (message)
        {
            case { Type: "progress" }:
                Log.LogMessage(MessageImportance.Normal, $"Efrap: {message.Id}: {message.Step} {message.Done}/{message.Count} {message.Layer}".TrimEnd());
                break;
            case { Type: "audited" }:
                // Whoever has to look into it is shown where; a build that goes well stays silent.
                Log.LogMessage(
                    message is { Verdict: "fail" or "warn", Page: not null } ? MessageImportance.High : MessageImportance.Normal,
                    $"{message.Id}: audit: {message.Verdict}{(message.Page is null ? "" : $", see {message.Page}")}");
                break;
            case { Type: "result" }:
                Log.LogMessage(MessageImportance.High, $"{message.Id} -> {message.Output} ({message.Layers} layers hardened, {message.Skipped} left in float)");
                break;
            case { Severity: "error" }:
                LogError(message.Code, message.File ?? ProjectFile, TextOf(message), message.Line);
                break;
            case { Severity: "warning" }:
                Log.LogWarning(null, message.Code, null, HelpLink(message.Code), message.File ?? ProjectFile, message.Line, 0, 0, 0, TextOf(message));
                break;
            default:
                Log.LogMessage(message.Severity == "notice" ? MessageImportance.High : MessageImportance.Normal, $"Efrap: {message.Text}");
                break;
        }
    }

    private void Judge(int exitCode)
    {
        if (DotNetHost.FrameworkMissingExitCodes.Contains(exitCode))
        {
            LogError(Codes.WorkerNotStarted, ProjectFile, $"the worker needs the .NET 10 runtime, which {GenerateFullPathToTool()} does not have: install it. {WhatWasPrinted()}");
        }
        else if (!_answer.IsComplete(exitCode))
        {
            LogError(Codes.Defect, ProjectFile, $"the worker ended with exit code {exitCode} and without a complete answer; please report this. {WhatWasPrinted()}");
        }
        else
        {
            foreach (string line in _answer.Printed)
                Log.LogMessage(MessageImportance.Normal, $"Efrap: {line}");
            _cached?.Store();
        }
    }

    private string WhatWasPrinted() =>
        _answer.Printed.Count == 0 ? "It printed nothing." : "It printed: " + string.Join(Environment.NewLine, _answer.Printed);

    // What has no file is about a setting: it stands in the project, and the worker does not know under which item.
    private static string TextOf(WorkerMessage message) =>
        message is { File: null, Id: { } id } ? $"EfrapModel '{id}': {message.Text}" : message.Text!;

    private void LogError(string? code, string? file, string text, int line = 0) =>
        Log.LogError(null, code, null, HelpLink(code), file, line, 0, 0, 0, text);

    private string? HelpLink(string? code)
    {
        string page = Path.GetFullPath(Path.Combine(DocsDirectory, $"{code}.md"));
        return File.Exists(page) ? new Uri(page).AbsoluteUri : null;
    }
}
