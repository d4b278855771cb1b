using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Efrap.Core.Onnx;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Calibration;

/// <summary>Turns the samples of one array into what the model takes: preprocessed, of the input's element type.</summary>
/// <remarks>
/// Arithmetic is in double precision, one rounding to the input's type at the end, so the result is the same on every machine
/// and whatever the type of the file. Goes channel by channel through a block that stays in the processor's first cache.
/// </remarks>
internal sealed class SampleConverter
{
    private const int BlockLength = 2048;

    private readonly CalibrationArray _array;
    private readonly DataType _target;
    private readonly Preprocessing _preprocessing;
    private readonly int _channels;
    private readonly int _channelLength;
    private readonly ByteTables? _tables;

    /// <summary>Makes a converter.</summary>
    /// <param name="array">The samples.</param>
    /// <param name="target">The element type that the model takes.</param>
    /// <param name="preprocessing">What is done to float inputs; integer inputs are left as they are.</param>
    public SampleConverter(CalibrationArray array, DataType target, Preprocessing preprocessing)
    {
        _array = array;
        _target = target;
        _preprocessing = preprocessing;
        _channels = array.Shape.Count > 1 ? (int)array.Shape[1] : 1;
        _channelLength = (int)(array.Data.LongLength / ElementBytes(array.ElementType) / array.Shape[0] / _channels);
        _tables = ElementBytes(array.ElementType) == 1 && !ElementType.IsInteger(target) ? MakeTables() : null;
    }

    /// <summary>Whether values of one type can become values of another: every number a float, only integers an integer.</summary>
    /// <param name="source">The type in the file.</param>
    /// <param name="target">The type that the model takes.</param>
    /// <returns>True when they can, values permitting.</returns>
    public static bool CanConvert(DataType source, DataType target) =>
        target is DataType.Float or DataType.Float16 or DataType.Double ||
        (ElementType.IsInteger(target) && ElementType.Bits(target) >= 8 && ElementType.IsInteger(source));

    /// <summary>Converts consecutive samples.</summary>
    /// <param name="first">The first sample.</param>
    /// <param name="count">The number of samples.</param>
    /// <returns>The values, little endian, in C order.</returns>
    /// <exception cref="InvalidDataException">A value cannot become a finite value of the target type; the text names the
    /// sample.</exception>
    public byte[] Convert(int first, int count)
    {
        var sampleLength = _channels * _channelLength;
        var bytes = (long)count * sampleLength * ElementBytes(_target);
        if (bytes > Array.MaxLength)
            throw new InvalidDataException($"a batch of {count} samples of '{DisplayName.Of(_array.Name)}' takes more than 2 GiB");
        var result = GC.AllocateUninitializedArray<byte>((int)bytes);
        var source = _array.Data.AsSpan(first * sampleLength * ElementBytes(_array.ElementType));
        if (ElementType.IsInteger(_target))
            ConvertToIntegers(source, result, first, sampleLength);
        else if (_tables is not null)
            ConvertByTables(source, result, _tables);
        else
            ConvertToFloats(source, result, first);
        return result;
    }

    private static int ElementBytes(DataType type) => ElementType.Bits(type) / 8;

    // Null where a table would hold a value that is not finite: whether it occurs is found out, and reported, value by value.
    private ByteTables? MakeTables()
    {
        var count = _preprocessing.IsUniform ? 1 : _channels;
        if (count > ByteTables.MostChannels)
            return null;
        var bytes = Enumerable.Range(0, ByteTables.Length).Select(i => (byte)i).ToArray();
        var values = new double[ByteTables.Length];
        var tables = new List<byte[]>();
        for (var channel = 0; channel < count; channel++)
        {
            Widen(bytes, values);
            Apply(values, channel);
            var table = new byte[ByteTables.Length * ElementBytes(_target)];
            if (!Narrow(values, table))
                return null;
            tables.Add(table);
        }

        return new ByteTables(tables);
    }

    private void ConvertByTables(ReadOnlySpan<byte> source, Span<byte> result, ByteTables tables)
    {
        var resultLength = _channelLength * ElementBytes(_target);
        for (var plane = 0; result.Length > 0; plane++)
        {
            tables.Convert(source[.._channelLength], result[..resultLength], plane % _channels);
            source = source[_channelLength..];
            result = result[resultLength..];
        }
    }

    private void ConvertToFloats(ReadOnlySpan<byte> source, Span<byte> result, int first)
    {
        var (sourceBytes, targetBytes) = (ElementBytes(_array.ElementType), ElementBytes(_target));
        var buffer = new double[Math.Min(BlockLength, _channelLength)];
        for (var plane = 0; result.Length > 0; plane++)
        {
            var channel = plane % _channels;
            for (var left = _channelLength; left > 0;)
            {
                var block = buffer.AsSpan(0, Math.Min(left, buffer.Length));
                Widen(source[..(block.Length * sourceBytes)], block);
                Apply(block, channel);
                var narrowed = result[..(block.Length * targetBytes)];
                if (!Narrow(block, narrowed))
                    throw NotFinite(first + (plane / _channels), source[..(block.Length * sourceBytes)]);
                source = source[(block.Length * sourceBytes)..];
                result = result[narrowed.Length..];
                left -= block.Length;
            }
        }
    }

    private void Widen(ReadOnlySpan<byte> source, Span<double> block)
    {
        switch (_array.ElementType)
        {
            case DataType.Float:
                Widen<float>(source, block);
                break;
            case DataType.Double:
                Widen<double>(source, block);
                break;
            case DataType.Float16:
                Widen<Half>(source, block);
                break;
            case DataType.Uint8 or DataType.Bool:
                Widen<byte>(source, block);
                break;
            case DataType.Int8:
                Widen<sbyte>(source, block);
                break;
            case DataType.Uint16:
                Widen<ushort>(source, block);
                break;
            case DataType.Int16:
                Widen<short>(source, block);
                break;
            case DataType.Uint32:
                Widen<uint>(source, block);
                break;
            case DataType.Int32:
                Widen<int>(source, block);
                break;
            case DataType.Uint64:
                Widen<ulong>(source, block);
                break;
            default:
                Widen<long>(source, block);
                break;
        }
    }

    private static void Widen<T>(ReadOnlySpan<byte> source, Span<double> block)
        where T : unmanaged, INumberBase<T> =>
        TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, T>(source), block);

    private void Apply(Span<double> block, int channel)
    {
        if (_preprocessing.Scale is { } scale)
            TensorPrimitives.Multiply(block, scale, block);
        if (_preprocessing.Mean(channel) is { } mean)
            TensorPrimitives.Subtract(block, mean, block);
        if (_preprocessing.Std(channel) is { } std)
            TensorPrimitives.Divide(block, std, block);
    }

    // Values can be finite as doubles and too large for the target, so it is the target that is looked at.
    private bool Narrow(ReadOnlySpan<double> block, Span<byte> result) => _target switch
    {
        DataType.Float => Narrow<float>(block, result),
        DataType.Float16 => Narrow<Half>(block, result),
        _ => Narrow<double>(block, result),
    };

    private static bool Narrow<T>(ReadOnlySpan<double> block, Span<byte> result)
        where T : unmanaged, INumberBase<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(result);
        TensorPrimitives.ConvertTruncating(block, values);
        return TensorPrimitives.IsFiniteAll<T>(values);
    }

    private InvalidDataException NotFinite(int sample, ReadOnlySpan<byte> source)
    {
        var values = new double[source.Length / ElementBytes(_array.ElementType)];
        Widen(source, values);
        var what = values.Any(double.IsNaN) ? "holds NaN"
            : values.Any(double.IsInfinity) ? "holds infinity"
            : $"holds values that exceed the range of {ElementType.Name(_target)} once preprocessed";
        return new InvalidDataException($"sample {sample} of '{DisplayName.Of(_array.Name)}' {what}");
    }

    private void ConvertToIntegers(ReadOnlySpan<byte> source, Span<byte> result, int first, int sampleLength)
    {
        if (_array.ElementType == _target)
        {
            source[..result.Length].CopyTo(result);
            return;
        }

        var (sourceBytes, targetBytes) = (ElementBytes(_array.ElementType), ElementBytes(_target));
        for (var i = 0; i < result.Length / targetBytes; i++)
        {
            var value = IntegerAt(source.Slice(i * sourceBytes, sourceBytes));
            if (!Store(value, result.Slice(i * targetBytes, targetBytes)))
            {
                throw new InvalidDataException(
                    $"sample {first + (i / sampleLength)} of '{DisplayName.Of(_array.Name)}' holds {value}, " +
                    $"which is outside the range of {ElementType.Name(_target)}");
            }
        }
    }

    private Int128 IntegerAt(ReadOnlySpan<byte> source) => _array.ElementType switch
    {
        DataType.Uint8 or DataType.Bool => source[0],
        DataType.Int8 => (sbyte)source[0],
        DataType.Uint16 => MemoryMarshal.Read<ushort>(source),
        DataType.Int16 => MemoryMarshal.Read<short>(source),
        DataType.Uint32 => MemoryMarshal.Read<uint>(source),
        DataType.Int32 => MemoryMarshal.Read<int>(source),
        DataType.Uint64 => MemoryMarshal.Read<ulong>(source),
        _ => MemoryMarshal.Read<long>(source),
    };

    private bool Store(Int128 value, Span<byte> result)
    {
        var bits = ElementType.Bits(_target);
        var signed = _target is DataType.Int8 or DataType.Int16 or DataType.Int32 or DataType.Int64;
        var minimum = signed ? -(Int128.One << (bits - 1)) : Int128.Zero;
        var maximum = _target == DataType.Bool ? Int128.One : (Int128.One << (signed ? bits - 1 : bits)) - 1;
        if (value < minimum || value > maximum)
            return false;
        var low = unchecked((ulong)value);
        MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in low))[..result.Length].CopyTo(result);
        return true;
    }
}
