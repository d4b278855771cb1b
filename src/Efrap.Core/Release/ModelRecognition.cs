namespace Efrap.Core.Release;

/// <summary>
/// Tells whether a stream of bytes is an ONNX model, whatever its name: the top level of a <c>ModelProto</c> is walked, and nothing is
/// kept of it. Other files are ruled out within their first bytes, almost always.
/// </summary>
/// <param name="length">How many bytes there are.</param>
internal sealed class ModelRecognition(long length)
{
    private const int IrVersion = 1;
    private const int Graph = 7;
    private const int OperatorSets = 8;

    // Groups are of an early form of the format; readers skip them to this depth.
    private const int DeepestGroup = 100;
    private const int LongestNumber = 10;

    // The first version that has to say which operators it uses.
    private const ulong FirstWithOperatorSets = 3;

    private long _left = length;
    private long _skip;
    private ulong _number;
    private int _numberBytes;
    private Part _next;
    private int _field;
    private int _groups;
    private ulong _irVersion;
    private bool _hasGraph;
    private bool _hasOperatorSets;

    private enum Part
    {
        Tag,
        Number,
        Length,
    }

    /// <summary>Whether it cannot be a model any more.</summary>
    public bool IsRuledOut { get; private set; }

    /// <summary>Whether all of it was a model.</summary>
    public bool IsModel =>
        !IsRuledOut && _left == 0 && _skip == 0 && _next == Part.Tag && _numberBytes == 0 && _groups == 0
        && _hasGraph && _irVersion is > 0 and <= int.MaxValue && (_hasOperatorSets || _irVersion < FirstWithOperatorSets);

    /// <summary>Looks at the next bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && !IsRuledOut)
        {
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, bytes.Length);
                (_skip, _left) = (_skip - skipped, _left - skipped);
                bytes = bytes[skipped..];
                continue;
            }

            var value = bytes[0];
            _left--;
            bytes = bytes[1..];
            if (_numberBytes == LongestNumber)
            {
                IsRuledOut = true;
                return;
            }

            _number |= (ulong)(value & 0x7F) << (7 * _numberBytes++);
            if (value < 0x80)
            {
                IsRuledOut = !Take(_number);
                (_number, _numberBytes) = (0, 0);
            }
        }
    }

    private bool Take(ulong number)
    {
        switch (_next)
        {
            case Part.Tag:
                return TakeTag(number);
            case Part.Number:
                if (_groups == 0 && _field == IrVersion)
                    _irVersion = number;
                _next = Part.Tag;
                return true;
            default:
                _next = Part.Tag;
                if (_groups == 0)
                {
                    _hasGraph |= _field == Graph && number > 0;
                    _hasOperatorSets |= _field == OperatorSets;
                }

                return number <= int.MaxValue && Skip((long)number);
        }
    }

    private bool TakeTag(ulong tag)
    {
        if (tag is < 8 or > uint.MaxValue)
            return false;
        _field = (int)(tag >> 3);
        var type = (int)(tag & 7);
        if (_groups == 0 && TypeOf(_field) is { } expected && type != expected)
            return false;
        switch (type)
        {
            case 0:
                _next = Part.Number;
                return true;
            case 1:
                return Skip(8);
            case 2:
                _next = Part.Length;
                return true;
            case 3:
                return ++_groups <= DeepestGroup;
            case 4:
                return --_groups >= 0;
            case 5:
                return Skip(4);
            default:
                return false;
        }
    }

    private bool Skip(long bytes)
    {
        _skip = bytes;
        return bytes <= _left;
    }

    // Of the fields of ModelProto; those that later versions may add can have any.
    private static int? TypeOf(int field) => field switch
    {
        1 or 5 => 0,
        2 or 3 or 4 or 6 or 7 or 8 or 14 or 20 or 25 or 26 => 2,
        _ => null,
    };
}
