using Efrap.Core.Quantization;

namespace Efrap.Core.Rounding;

/// <summary>
/// What a layer's data says about roundings (DESIGN 3). With d = ŵ − w and the residual r = w·x̂ + bias − y that the
/// hardened prefix leaves, a row's activation term is
/// <c>A = E(d·x̂ + r)² = dᵀGd + 2dᵀq + E r²</c>, where <c>G = E[x̂x̂ᵀ]</c> and <c>q = E[r x̂]</c>.
/// </summary>
/// <remarks>
/// Written with the difference d and not with ŵ itself, as <c>E‖y‖² − 2ŵ·E[y x̂] + ŵᵀGŵ</c>: at 8 bits that sum is a
/// hundred thousand times smaller than its terms, and single precision would lose it.
/// </remarks>
internal sealed class LayerMoments
{
    private const int TileSize = 48;

    private readonly QuantizableLayer _layer;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _groups;
    private readonly ParallelOptions _options;

    /// <summary>Begins with no data.</summary>
    internal LayerMoments(QuantizableLayer layer, ParallelOptions options)
    {
        _layer = layer;
        _options = options;
        _groups = _layer.Weights.Groups;
        _rows = _layer.Weights.Rows / _groups;
        _columns = _layer.Weights.Columns;
        Gram = new float[(long)_groups * _columns * _columns];
        Cross = new float[(long)_layer.Weights.Rows * _columns];
        Residual = new double[_layer.Weights.Rows];
    }

    /// <summary>The number of output positions added.</summary>
    internal long Count { get; private set; }

    /// <summary>G, per group [K, K].</summary>
    internal float[] Gram { get; }

    /// <summary>q, per row [K].</summary>
    internal float[] Cross { get; }

    /// <summary>E r², per row.</summary>
    internal double[] Residual { get; }

    /// <summary>Whether the layer read and produced numbers only, and no NaN or infinity.</summary>
    internal bool IsFinite => Residual.All(double.IsFinite) && Gram.All(float.IsFinite);

    /// <summary>Adds output positions.</summary>
    /// <param name="input">x̂ unfolded, [groups·K, width]. </param>
    /// <param name="output">y, [rows, width]; overwritten.</param>
    /// <param name="width">The number of positions.</param>
    internal void Add(float[] input, float[] output, int width)
    {
        SubtractFrom(output, input, width);
        var tiles = (_columns + TileSize - 1) / TileSize;
        var gramTiles = tiles * (tiles + 1) / 2;
        var crossTiles = (_rows + TileSize - 1) / TileSize;
        var perGroup = gramTiles + crossTiles;
        Parallel.For(0, _groups * perGroup, _options, item =>
        {
            var (group, tile) = Math.DivRem(item, perGroup);
            if (tile < gramTiles)
                AddGramTile(input, width, group, tile);
            else
                AddCrossTile(input, output, width, group, tile - gramTiles);
        });
        Count += width;
    }

    /// <summary>Turns sums into means. Called once, last.</summary>
    internal void Complete()
    {
        var scale = 1f / Count;
        Parallel.For(0, _groups, _options, group =>
        {
            var gram = Gram.AsSpan(group * _columns * _columns, _columns * _columns);
            for (var i = 0; i < _columns; i++)
            {
                for (var j = 0; j <= i; j++)
                    gram[(j * _columns) + i] = gram[(i * _columns) + j] *= scale;
            }
        });
        foreach (ref var value in Cross.AsSpan())
            value *= scale;
        foreach (ref var value in Residual.AsSpan())
            value /= Count;
    }

    // y becomes r = w·x̂ + bias − y.
    private void SubtractFrom(float[] output, float[] input, int width)
    {
        var tiles = (_rows + TileSize - 1) / TileSize;
        Parallel.For(0, _groups * tiles, _options, item =>
        {
            var (group, tile) = Math.DivRem(item, tiles);
            var first = (group * _rows) + (tile * TileSize);
            var height = Math.Min(TileSize, _rows - (tile * TileSize));
            for (var row = first; row < first + height; row++)
            {
                var bias = _layer.BiasValues?[row] ?? 0;
                foreach (ref var value in output.AsSpan(row * width, width))
                    value = bias - value;
            }

            MatrixKernels.AddProduct(
                _layer.Weights.Values.AsSpan(first * _columns), _columns, height,
                input.AsSpan(group * _columns * width), width, width, _columns,
                output.AsSpan(first * width), width);
            for (var row = first; row < first + height; row++)
            {
                var r = output.AsSpan(row * width, width);
                Residual[row] += MatrixKernels.Dot(r, r);
            }
        });
    }

    private void AddGramTile(float[] input, int width, int group, int tile)
    {
        // Tiles of the lower triangle, row by row: 0 | 1 2 | 3 4 5 | …
        var across = (int)((Math.Sqrt((8.0 * tile) + 1) - 1) / 2);
        var i = across * TileSize;
        var j = (tile - (across * (across + 1) / 2)) * TileSize;
        var x = input.AsSpan(group * _columns * width);
        MatrixKernels.AddProductTransposed(
            x[(i * width)..], width, Math.Min(TileSize, _columns - i),
            x[(j * width)..], width, Math.Min(TileSize, _columns - j),
            width,
            Gram.AsSpan((group * _columns * _columns) + (i * _columns) + j), _columns);
    }

    private void AddCrossTile(float[] input, float[] residual, int width, int group, int tile)
    {
        var first = (group * _rows) + (tile * TileSize);
        MatrixKernels.AddProductTransposed(
            residual.AsSpan(first * width), width, Math.Min(TileSize, _rows - (tile * TileSize)),
            input.AsSpan(group * _columns * width), width, _columns,
            width,
            Cross.AsSpan(first * _columns), _columns);
    }
}
