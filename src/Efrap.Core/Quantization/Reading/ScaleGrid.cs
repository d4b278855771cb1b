using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization.Reading;

/// <summary>
/// The scales and zero points of a quantized weight, and which of them belongs to which of its values: one for all, one for each
/// index along an axis, or one for each block of an axis.
/// </summary>
internal sealed class ScaleGrid
{
    private readonly float[] _scales;
    private readonly short[] _zeroPoints;
    private readonly int _inner;
    private readonly int _axisLength;
    private readonly int _blockSize;
    private readonly bool _repeats;

    private ScaleGrid(float[] scales, short[] zeroPoints, IReadOnlyList<long> shape, int axis, int blockSize, bool repeats)
    {
        _scales = scales;
        _zeroPoints = zeroPoints;
        _inner = (int)shape.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
        _axisLength = (int)shape[axis];
        _blockSize = blockSize;
        _repeats = repeats;
    }

    /// <summary>Whether all values share one scale.</summary>
    internal bool IsPerTensor => _scales.Length == 1;

    /// <summary>The scales, in the order in which the file has them.</summary>
    internal IReadOnlyList<float> Scales => _scales;

    /// <summary>The zero points, as many as scales.</summary>
    internal IReadOnlyList<short> ZeroPoints => _zeroPoints;

    /// <summary>Makes the grid of a weight.</summary>
    /// <param name="weight">How messages call the weight.</param>
    /// <param name="shape">Its shape; no size is 0.</param>
    /// <param name="scale">The scales: one; one for each index along the axis; or, in blocks, of the weight's shape but for that axis.</param>
    /// <param name="zeroPoints">The zero points, as many as scales or one; null for none.</param>
    /// <param name="absent">The zero point where there is none.</param>
    /// <param name="axis">The axis that scales lie along, within the shape.</param>
    /// <param name="blockSize">How many values along the axis share a scale; 0 where blocks are not used.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.TensorInconsistent"/>: the counts do not fit, or a scale is negative or
    /// not finite.</exception>
    internal static ScaleGrid Of(
        string weight, IReadOnlyList<long> shape, TensorProto scale, short[]? zeroPoints, short absent, int axis, long blockSize, string path)
    {
        if (!ElementType.IsFloat((TensorProto.Types.DataType)scale.DataType))
            throw Inconsistent($"the scale `{scale.Name}` of `{weight}` is {ElementType.Name((TensorProto.Types.DataType)scale.DataType)}, not float");
        var scales = TensorValues.ToSingles(scale);
        if (!scales.All(s => float.IsFinite(s) && s >= 0))
            throw Inconsistent($"the scale `{scale.Name}` of `{weight}` holds a value that is negative or not finite");
        zeroPoints ??= [absent];
        if (zeroPoints.Length == 1)
            zeroPoints = [.. Enumerable.Repeat(zeroPoints[0], scales.Length)];
        if (zeroPoints.Length != scales.Length)
            throw Inconsistent($"`{weight}` has {scales.Length} scales and {zeroPoints.Length} zero points");
        if (blockSize < 0 || (blockSize == 0 && scales.Length != 1 && scales.Length != shape[axis]) || (blockSize > 0 && !FitsBlocks()))
        {
            throw Inconsistent(
                $"`{weight}` {TensorValidation.Shape(shape)} has {scales.Length} scales along axis {axis}"
                + (blockSize == 0 ? string.Empty : $" in blocks of {blockSize}") + ", which do not fit");
        }

        // One scale for all is a single block that starts again after each pass along the axis.
        var block = scales.Length == 1 ? shape[axis] : Math.Clamp(blockSize, 1, shape[axis]);
        return new ScaleGrid(scales, zeroPoints, shape, axis, (int)block, repeats: blockSize == 0 || scales.Length == 1);

        bool FitsBlocks()
        {
            var blocks = ((shape[axis] - 1) / blockSize) + 1;
            return shape.Select((size, i) => i == axis ? blocks : size).Aggregate(1L, (product, size) => product * size) == scales.Length;
        }

        EfrapException Inconsistent(string what) => new(EfrapCode.TensorInconsistent, $"{what}; quantize the model again.", path);
    }

    /// <summary>s of the value at an index.</summary>
    internal float ScaleOf(int index) => _scales[PlaceOf(index)];

    /// <summary>z of the value at an index.</summary>
    internal short ZeroPointOf(int index) => _zeroPoints[PlaceOf(index)];

    private int PlaceOf(int index)
    {
        var block = index / _inner % _axisLength / _blockSize;
        if (_repeats)
            return block;
        var blocks = ((_axisLength - 1) / _blockSize) + 1;
        return (((index / (_inner * _axisLength)) * blocks) + block) * _inner + (index % _inner);
    }
}
