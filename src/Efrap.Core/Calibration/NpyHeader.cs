using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Efrap.Core.Onnx;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Calibration;

/// <summary>The header of NumPy's <c>.npy</c> format, versions 1.0, 2.0 and 3.0.</summary>
/// <param name="ElementType">The element type.</param>
/// <param name="BigEndian">Whether values lie most significant byte first.</param>
/// <param name="FortranOrder">Whether the first axis varies fastest.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Bytes">The length of the header itself.</param>
/// <remarks>Source: NumPy Enhancement Proposal 1 and the documentation of <c>numpy.lib.format</c>.</remarks>
internal sealed record NpyHeader(DataType ElementType, bool BigEndian, bool FortranOrder, IReadOnlyList<long> Shape, int Bytes)
{
    // NumPy's own limits: a header of numbers needs some hundred bytes, an array has at most 64 axes.
    private const int LongestText = 65_536;
    private const int MostAxes = 64;

    /// <summary>The bytes that every such file starts with.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The bytes of one element.</summary>
    public int ElementBytes => Onnx.ElementType.Bits(ElementType) / 8;

    /// <summary>Reads the header; the stream is left at the first value.</summary>
    /// <param name="stream">The file.</param>
    /// <returns>The header.</returns>
    /// <exception cref="InvalidDataException">This is not a header, or not of numbers.</exception>
    /// <exception cref="EndOfStreamException">The file ends within it.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (!start.StartsWith(Magic))
            throw new InvalidDataException("this is not an .npy array");
        if (start[6] is < 1 or > 3 || start[7] != 0)
            throw new InvalidDataException($"version {start[6]}.{start[7]} of the .npy format is not known");
        Span<byte> size = stackalloc byte[start[6] == 1 ? 2 : 4];
        stream.ReadExactly(size);
        var length = start[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > LongestText)
            throw new InvalidDataException($"the .npy header claims {length} bytes");
        var text = new byte[length];
        stream.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text), start.Length + size.Length + text.Length);
    }

    private static NpyHeader Parse(string text, int bytes)
    {
        var entries = new PythonDictionary(text).Parse();
        if (entries.Count != 3 || entries.GetValueOrDefault("descr") is not string description ||
            entries.GetValueOrDefault("fortran_order") is not bool fortran || entries.GetValueOrDefault("shape") is not List<long> shape)
        {
            throw new InvalidDataException("the .npy header does not hold 'descr', 'fortran_order' and 'shape' and nothing else");
        }

        if (shape.Count > MostAxes || shape.Exists(d => d < 0))
            throw new InvalidDataException($"the .npy header has the impossible shape {TensorValidation.Shape(shape)}");
        var type = description.TrimStart('<', '>', '|', '=') switch
        {
            "f2" => DataType.Float16,
            "f4" => DataType.Float,
            "f8" => DataType.Double,
            "i1" => DataType.Int8,
            "i2" => DataType.Int16,
            "i4" => DataType.Int32,
            "i8" => DataType.Int64,
            "u1" => DataType.Uint8,
            "u2" => DataType.Uint16,
            "u4" => DataType.Uint32,
            "u8" => DataType.Uint64,
            "b1" => DataType.Bool,
            _ => throw new InvalidDataException(
                $"the array is of the type '{DisplayName.Of(description)}', which is not supported; save it as uint8, float32 or int64"),
        };
        return new(type, description.StartsWith('>'), fortran, shape, bytes);
    }

    /// <summary>The few Python literals that a header consists of: a dictionary of text, truth values and tuples of integers.</summary>
    private sealed class PythonDictionary(string text)
    {
        private int _position;

        public Dictionary<string, object> Parse()
        {
            var entries = new Dictionary<string, object>(StringComparer.Ordinal);
            Expect('{');
            while (!Accept('}'))
            {
                var key = Text();
                Expect(':');
                if (!entries.TryAdd(key, Value()))
                    throw Damaged();
                if (!Accept(','))
                {
                    Expect('}');
                    break;
                }
            }

            SkipSpace();
            return _position == text.Length ? entries : throw Damaged();
        }

        private object Value()
        {
            SkipSpace();
            if (_position < text.Length && text[_position] is '\'' or '"')
                return Text();
            if (Accept('('))
                return Tuple();
            if (Accept('['))
                throw new InvalidDataException("the array is a structured one, which is not supported; save one array for each input");
            return Word("True") || (Word("False") ? false : throw Damaged());
        }

        private List<long> Tuple()
        {
            var values = new List<long>();
            while (!Accept(')'))
            {
                values.Add(Integer());
                if (!Accept(','))
                {
                    Expect(')');
                    break;
                }
            }

            return values;
        }

        private long Integer()
        {
            SkipSpace();
            var start = _position;
            while (_position < text.Length && (char.IsAsciiDigit(text[_position]) || (_position == start && text[_position] == '-')))
                _position++;
            if (!long.TryParse(text.AsSpan(start, _position - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                throw Damaged();
            // Python 2 marked long integers.
            Accept('L');
            return value;
        }

        private string Text()
        {
            SkipSpace();
            var quote = _position < text.Length ? text[_position] : '\0';
            var end = quote is '\'' or '"' ? text.IndexOf(quote, _position + 1) : -1;
            if (end < 0)
                throw Damaged();
            var value = text[(_position + 1)..end];
            _position = end + 1;
            return value;
        }

        private bool Word(string word)
        {
            if (string.CompareOrdinal(text, _position, word, 0, word.Length) != 0)
                return false;
            _position += word.Length;
            return true;
        }

        private bool Accept(char character)
        {
            SkipSpace();
            if (_position == text.Length || text[_position] != character)
                return false;
            _position++;
            return true;
        }

        private void Expect(char character)
        {
            if (!Accept(character))
                throw Damaged();
        }

        private void SkipSpace()
        {
            while (_position < text.Length && char.IsWhiteSpace(text[_position]))
                _position++;
        }

        private InvalidDataException Damaged() => new($"the .npy header is damaged near '{DisplayName.Of(Near())}'");

        private string Near() => text.Substring(Math.Min(_position, text.Length), Math.Min(20, text.Length - Math.Min(_position, text.Length)));
    }
}
