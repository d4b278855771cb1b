namespace Efrap.Core.Evidence;

/// <summary>The files that an audit leaves, each where its path is not null. They are written whatever the verdict.</summary>
public sealed record AuditEvidence
{
    /// <summary>Nothing is written.</summary>
    public static AuditEvidence None { get; } = new();

    /// <summary>Where the JSON report goes.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Where the SARIF log goes.</summary>
    public string? SarifPath { get; init; }

    /// <summary>Where the HTML page goes.</summary>
    public string? HtmlPath { get; init; }

    /// <summary>Where the in-toto statement goes.</summary>
    public string? StatementPath { get; init; }

    /// <summary>The folder that the SARIF log names the model relative to, such as the root of the repository; null for the working
    /// directory. A model that does not lie below it goes by its file name.</summary>
    public string? SarifRoot { get; init; }
}
