using System.CommandLine;
using Efrap.Cli.Settings;
using Efrap.Cli.Terminal;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Commands;

/// <summary><c>efrap inspect</c>: says what a model holds and what hardening would do with it.</summary>
internal sealed class InspectCommand : Command
{
    /// <summary>What follows the standard help.</summary>
    public const string Examples = """
        Examples:
          Which layers would be quantized, and which nodes would stay float?
            efrap inspect model.onnx

          The same for a script:
            efrap inspect model.onnx --json > model.inspect.json

        Exit codes:
          0 inspected, 2 error, 4 wrong usage
        """;

    private readonly Argument<string> _model = new("MODEL") { Description = "The ONNX model." };

    private readonly Option<bool> _json = new("--json") { Description = "Write JSON to standard output." };

    /// <summary>Sets the verb up.</summary>
    /// <param name="host">What it talks to.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public InspectCommand(Host host, CancellationToken cancellationToken)
        : base("inspect", "Show what a model holds and which of its layers can be quantized. Nothing is run.")
    {
        Add(_model);
        Add(_json);
        SetAction(parsed => Run(host, parsed.GetRequiredValue(_model), parsed.GetValue(_json), cancellationToken));
    }

    private static int Run(Host host, string model, bool json, CancellationToken cancellationToken)
    {
        SettingRules.CheckPath(model, "MODEL");
        var report = host.Inspect(model, cancellationToken);
        if (json)
            host.Output.Write(ReportJson.Serialize(report));
        else
            new InspectSummary(report).Print(IPrinter.For(host, host.Terminal()));
        return ExitCode.Clean;
    }
}
