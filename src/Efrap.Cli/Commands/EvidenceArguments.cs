using System.CommandLine;
using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Commands;

/// <summary>The options that say what an audit leaves.</summary>
internal sealed class EvidenceArguments
{
    private readonly Option<string> _report = new("--report")
    {
        Description = "Writes what was found to a JSON file.",
        HelpName = "FILE.json",
    };

    private readonly Option<string> _sarif = new("--sarif")
    {
        Description = "Writes what was found as SARIF 2.1.0, for code scanning.",
        HelpName = "FILE",
    };

    private readonly Option<string> _sarifRoot = new("--sarif-root")
    {
        Description = "The folder that SARIF names the model relative to, such as the repository's root [default: the working directory].",
        HelpName = "FOLDER",
    };

    private readonly Option<string> _html = new("--html")
    {
        Description = "Writes what was found as a page for people: one file, without scripts.",
        HelpName = "FILE",
    };

    private readonly Option<string> _statement = new("--statement")
    {
        Description = "Writes what was found as an in-toto statement, to be signed.",
        HelpName = "FILE",
    };

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [_report, _html, _sarif, _sarifRoot, _statement];

    /// <summary>Reads them.</summary>
    /// <param name="parsed">The parsed command line, without errors.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public AuditEvidence Read(ParseResult parsed)
    {
        if (parsed.GetValue(_sarifRoot) is not null && parsed.GetValue(_sarif) is null)
            throw new EfrapException(EfrapCode.InvalidSetting, $"{_sarifRoot.Name} means nothing without {_sarif.Name}.");
        return new AuditEvidence
        {
            ReportPath = parsed.GetValue(_report),
            SarifPath = parsed.GetValue(_sarif),
            SarifRoot = parsed.GetValue(_sarifRoot),
            HtmlPath = parsed.GetValue(_html),
            StatementPath = parsed.GetValue(_statement),
        };
    }
}
