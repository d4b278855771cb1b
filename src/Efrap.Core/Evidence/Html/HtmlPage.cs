using System.Text;

namespace Efrap.Core.Evidence.Html;

/// <summary>What an audit found, as a page for people: one file that loads nothing and runs nothing.</summary>
internal static class HtmlPage
{
    // Forbids, whatever a browser makes of the rest, all but the page's own style and its pictures.
    private const string SecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>Writes the page: UTF-8, lines ended by a line feed on every system.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="stream">Where to.</param>
    internal static void Write(AuditReport report, Stream stream) => stream.Write(Encoding.UTF8.GetBytes(Of(report)));

    /// <summary>The page.</summary>
    internal static string Of(AuditReport report) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{new Markup(SecurityPolicy)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="efrap {report.EngineVersion}">
        <title>{VerdictText.Of(report.Verdict)}: audit of {report.Model}</title>
        <style>
        {new Markup(Style())}</style>
        </head>
        <body>
        <main>
        {VerdictSection.Of(report)}
        {IndicatorSection.Of(report)}
        {PictureSection.Of(report)}
        {LayerSection.Of(report)}
        {RecordSection.Of(report)}
        </main>
        </body>
        </html>

        """).Source;

    private static string Style()
    {
        using var reader = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("audit-page.css")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
