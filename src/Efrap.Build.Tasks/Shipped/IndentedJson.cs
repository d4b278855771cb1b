using System.Globalization;
using System.Text;

namespace Efrap.Build.Tasks.Shipped;

/// <summary>Writes JSON that people read, too: two spaces, line feeds, nothing escaped that need not be. .NET Standard has nothing that does.</summary>
internal sealed class IndentedJson
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _isFirst = true;

    /// <summary>Writes an object.</summary>
    /// <param name="name">The member's name; null in an array and at the top.</param>
    /// <param name="members">Writes its members.</param>
    public void Object(string? name, Action members) => Nest(name, '{', members, '}');

    /// <summary>Writes an array.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="items">Its items.</param>
    /// <param name="write">Writes one of them.</param>
    public void Array<T>(string name, IEnumerable<T> items, Action<T> write) => Nest(
        name,
        '[',
        () =>
        {
            foreach (T item in items)
                write(item);
        },
        ']');

    /// <summary>Writes a member that is text; none where it is null.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="value">Its value.</param>
    public void Text(string name, string? value)
    {
        if (value is null)
            return;
        Begin(name);
        Quote(value);
    }

    /// <summary>Writes a member that is a whole number.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="value">Its value.</param>
    public void Number(string name, int value)
    {
        Begin(name);
        _text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Writes a member that is true or false.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="value">Its value.</param>
    public void Truth(string name, bool value)
    {
        Begin(name);
        _text.Append(value ? "true" : "false");
    }

    /// <summary>What was written, with a line feed at its end.</summary>
    public override string ToString() => _text + "\n";

    private void Nest(string? name, char open, Action content, char close)
    {
        Begin(name);
        _text.Append(open);
        _isFirst = true;
        _depth++;
        content();
        _depth--;
        // Nothing in it: both brackets on one line.
        if (!_isFirst)
            EndLine();
        _text.Append(close);
        _isFirst = false;
    }

    private void Begin(string? name)
    {
        if (!_isFirst)
            _text.Append(',');
        if (_depth > 0)
            EndLine();
        _isFirst = false;
        if (name is null)
            return;
        Quote(name);
        _text.Append(": ");
    }

    private void EndLine() => _text.Append('\n').Append(' ', 2 * _depth);

    private void Quote(string value)
    {
        _text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\')
                _text.Append('\\').Append(c);
            else if (c < ' ')
                _text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                _text.Append(c);
        }

        _text.Append('"');
    }
}
