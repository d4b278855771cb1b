namespace Efrap.Core.Quantization;

/// <summary>
/// A layer's weights as a matrix: one row per output channel, one column per weight of a channel (DESIGN 3). The rows
/// of a grouped convolution stand group by group, as in the tensor.
/// </summary>
internal sealed class WeightMatrix
{
    private readonly bool _transposed;

    /// <summary>Makes the matrix of a tensor.</summary>
    /// <param name="tensorValues">The tensor's values, row by row.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="transposed">Whether the tensor is [columns, rows], as the right side of a product is.</param>
    /// <param name="groups">The number of groups that the rows are split into.</param>
    internal WeightMatrix(float[] tensorValues, IReadOnlyList<long> shape, bool transposed, int groups)
    {
        _transposed = transposed;
        Shape = shape;
        Groups = groups;
        Rows = (int)(_transposed ? shape[1] : shape[0]);
        Columns = tensorValues.Length / Rows;
        Values = ToRows(tensorValues);
    }

    /// <summary>The number of output channels.</summary>
    internal int Rows { get; }

    /// <summary>K, the number of weights per output channel.</summary>
    internal int Columns { get; }

    /// <summary>The number of groups; each has Rows / Groups rows and inputs of its own.</summary>
    internal int Groups { get; }

    /// <summary>The tensor's shape.</summary>
    internal IReadOnlyList<long> Shape { get; }

    /// <summary>The axis of the tensor that output channels lie along.</summary>
    internal int ChannelAxis => _transposed ? 1 : 0;

    /// <summary>The weights, [Rows, Columns].</summary>
    internal float[] Values { get; }

    /// <summary>Puts values of the tensor's layout into rows.</summary>
    internal T[] ToRows<T>(T[] tensorValues) => _transposed ? Transpose(tensorValues, Columns, Rows) : tensorValues;

    /// <summary>Puts rows back into the tensor's layout.</summary>
    internal T[] ToTensor<T>(T[] rows) => _transposed ? Transpose(rows, Rows, Columns) : rows;

    private static T[] Transpose<T>(T[] values, int height, int width)
    {
        var result = new T[values.Length];
        for (var i = 0; i < height; i++)
        {
            for (var j = 0; j < width; j++)
                result[(j * height) + i] = values[(i * width) + j];
        }

        return result;
    }
}
