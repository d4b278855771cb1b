using Spectre.Console;
using Spectre.Console.Rendering;

namespace Efrap.Cli.Terminal;

/// <summary>A column of fixed width, so that the bar beside it stands still.</summary>
/// <param name="width">The width in cells.</param>
/// <param name="text">Gives the text of the moment; what is too long is cut.</param>
internal sealed class LiveTextColumn(int width, Func<string> text) : ProgressColumn
{
    private const string Cut = "...";

    /// <summary>The width in cells.</summary>
    public int Width => width;

    /// <inheritdoc/>
    protected override bool NoWrap => true;

    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        var shown = Printable.Text(text());
        if (shown.Length > width)
            shown = width > Cut.Length ? shown[..(width - Cut.Length)] + Cut : string.Empty;
        return new Text(shown);
    }

    /// <inheritdoc/>
    public override int? GetColumnWidth(RenderOptions options) => width;
}
