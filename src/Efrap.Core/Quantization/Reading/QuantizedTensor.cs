using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Quantization.Reading;

/// <summary>A quantized weight of a model file: its integers, what they stand for, and who reads them.</summary>
internal sealed record QuantizedTensor
{
    /// <summary>The name of the constant that holds the integers.</summary>
    internal required string CodesName { get; init; }

    /// <summary>The name of the constant that holds the scales.</summary>
    internal required string ScaleName { get; init; }

    /// <summary>The name of the constant that holds the zero points; null where there is none.</summary>
    internal required string? ZeroPointName { get; init; }

    /// <summary>How the file stores it.</summary>
    internal required StoredForm Form { get; init; }

    /// <summary>The nodes that read it, in the order of execution: at least one. The first decides the layout.</summary>
    internal required IReadOnlyList<WeightUse> Uses { get; init; }

    /// <summary>The type of a code: int8, uint8, int4, uint4, int2 or uint2.</summary>
    internal required DataType CodeType { get; init; }

    /// <summary>The weight's shape: the constant's, or [outputs, inputs] where the constant holds packed blocks.</summary>
    internal required IReadOnlyList<long> Shape { get; init; }

    /// <summary>The integers, as many as the shape says, in its order.</summary>
    internal required short[] Codes { get; init; }

    /// <summary>The scales and zero points.</summary>
    internal required ScaleGrid Grid { get; init; }

    /// <summary>How the codes are packed into bytes; null where the constant is of their type and shape.</summary>
    internal BlockPacking? Packing { get; init; }

    /// <summary>The bits of a code.</summary>
    internal int Bits => ElementType.Bits(CodeType);

    /// <summary>The axis of the shape that output channels lie along.</summary>
    internal int ChannelAxis => Uses[0].Transposed ? 1 : 0;

    /// <summary>The weights that the integers stand for, s·(q − z), as a matrix.</summary>
    internal WeightMatrix Weights => field ??= Dequantize();

    // Unsigned codes lie where signed ones do after half of their range is taken off.
    private int Shift => CodeType is DataType.Uint8 or DataType.Uint4 or DataType.Uint2 ? 1 << (Bits - 1) : 0;

    /// <summary>The codes in rows, as signed integers: unsigned ones less half of their range.</summary>
    internal sbyte[] SignedRows() => Weights.ToRows(Array.ConvertAll(Codes, Signed));

    /// <summary>The lattice that the file's scales and zero points make for the weights that it was rounded from.</summary>
    /// <param name="source">A matrix of the same rows and columns.</param>
    internal WeightLattice LatticeOf(WeightMatrix source)
    {
        var scales = new float[Codes.Length];
        var zeroPoints = new sbyte[Codes.Length];
        for (var i = 0; i < Codes.Length; i++)
        {
            scales[i] = Grid.ScaleOf(i);
            zeroPoints[i] = Signed(Grid.ZeroPointOf(i));
        }

        return WeightLattice.Given(source, Weights.ToRows(scales), Weights.ToRows(zeroPoints), SignedRows(), Bits, Grid.IsPerTensor);
    }

    /// <summary>The constant with other integers and everything else as it was.</summary>
    /// <param name="stored">The constant as the file has it.</param>
    /// <param name="signedRows">The new codes, as <see cref="SignedRows"/> gives them.</param>
    internal TensorProto Replace(TensorProto stored, sbyte[] signedRows) =>
        StoredCodes.Replace(stored, Packing, Array.ConvertAll(Weights.ToTensor(signedRows), c => (short)(c + Shift)));

    private sbyte Signed(short code) => (sbyte)(code - Shift);

    private WeightMatrix Dequantize()
    {
        var values = new float[Codes.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Grid.ScaleOf(i) * (Codes[i] - Grid.ZeroPointOf(i));
        return new WeightMatrix(values, Shape, Uses[0].Transposed, Uses[0].Groups);
    }
}
