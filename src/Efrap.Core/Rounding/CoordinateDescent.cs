using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Efrap.Core.Rounding;

/// <summary>
/// Coordinate descent over the roundings b of a layer (DESIGN 3): minimises <c>A(b) + κ·Σ e·[b = n]</c>, weight by weight.
/// Flipping weight i by δ = ±s changes the objective by <c>δ²·G_ii + 2δ·g_i ∓ κ·e_i</c> with <c>g = Gd + q</c>; it is taken
/// when that is negative, until a sweep over the row changes nothing. Rows are independent and run in parallel.
/// </summary>
/// <remarks>Begins at nearest rounding. Each <see cref="Solve"/> goes on from where the last one ended.</remarks>
internal sealed class CoordinateDescent
{
    // Inside a block of columns g is up to date at once; the rest of g follows after the block, a long vector at a time.
    private const int BlockSize = 64;

    // Changes smaller than this share of δ²·G_ii are below what single precision tells apart: taking them could cycle.
    private const float Tolerance = 1e-6f;

    // Each flip lowers the objective, so a row ends by itself; the bound is for rounding errors.
    private const int MaximumSweeps = 500;

    private readonly LayerProblem _problem;
    private readonly ParallelOptions _options;
    private readonly float[] _gradient;
    private readonly float[] _step;

    /// <summary>Begins at nearest rounding.</summary>
    internal CoordinateDescent(LayerProblem problem, ParallelOptions options)
    {
        _problem = problem;
        _options = options;
        Up = [.. _problem.Lattice.NearestUp];
        _gradient = [.. _problem.Cross];
        _step = new float[Up.Length];
        Parallel.For(0, _problem.Rows, _options, row =>
        {
            var first = row * _problem.Columns;
            for (var i = first; i < first + _problem.Columns; i++)
            {
                var scale = _problem.Lattice.ScaleOf(row, i);
                _step[i] = !_problem.Lattice.Movable[i] ? 0 : Up[i] ? -scale : scale;
            }

            AddDifference(row, _gradient.AsSpan(first, _problem.Columns));
        });
    }

    /// <summary>b: whether each weight takes the upper integer, [rows, K].</summary>
    internal bool[] Up { get; }

    /// <summary>A(b), summed over rows.</summary>
    internal double ActivationError()
    {
        var total = 0.0;
        for (var row = 0; row < _problem.Rows; row++)
        {
            total += _problem.Residual[row];
            for (var i = row * _problem.Columns; i < (row + 1) * _problem.Columns; i++)
                total += (double)Difference(row, i) * (_gradient[i] + (double)_problem.Cross[i]);
        }

        return total;
    }

    /// <summary>Descends until no flip of a single weight lowers the objective.</summary>
    /// <param name="penalty">κ, at least 0.</param>
    internal void Solve(float penalty) =>
        Parallel.For(0, _problem.Rows, _options, row => SolveRow(row, penalty));

    /// <summary>Computes A(b) of a rounding from the problem alone.</summary>
    internal static double ActivationErrorOf(LayerProblem problem, bool[] up, ParallelOptions options)
    {
        var fresh = new CoordinateDescent(problem, options);
        up.CopyTo(fresh.Up, 0);
        problem.Cross.CopyTo(fresh._gradient, 0);
        Parallel.For(0, problem.Rows, options, row =>
            fresh.AddDifference(row, fresh._gradient.AsSpan(row * problem.Columns, problem.Columns)));
        return fresh.ActivationError();
    }

    private float Difference(int row, int i) =>
        _problem.Lattice.Value(row, i, Up[i]) - _problem.Lattice.Weights.Values[i];

    // g += G·d
    private void AddDifference(int row, Span<float> target)
    {
        var columns = _problem.Columns;
        var gram = _problem.GramOf(row);
        var difference = ArrayPool<float>.Shared.Rent(columns);
        for (var i = 0; i < columns; i++)
            difference[i] = Difference(row, (row * columns) + i);
        MatrixKernels.AddProduct(difference, columns, 1, gram, columns, columns, columns, target, columns);
        ArrayPool<float>.Shared.Return(difference);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolveRow(int row, float penalty)
    {
        var columns = _problem.Columns;
        var first = row * columns;
        var gram = _problem.GramOf(row);
        var g = _gradient.AsSpan(first, columns);
        var steps = _step.AsSpan(first, columns);
        var up = Up.AsSpan(first, columns);
        var nearest = _problem.Lattice.NearestUp.AsSpan(first, columns);
        var errors = _problem.Lattice.TruncationError.AsSpan(first, columns);

        // cost = δ²·G_ii ∓ κ·e_i, the part of a flip's change that only the flip itself alters.
        var cost = ArrayPool<float>.Shared.Rent(columns);
        for (var i = 0; i < columns; i++)
        {
            cost[i] = steps[i] == 0
                ? float.PositiveInfinity
                : Curvature(i, gram, steps, columns) + (up[i] == nearest[i] ? -penalty : penalty) * errors[i];
        }

        Span<int> flipped = stackalloc int[BlockSize];
        var moved = true;
        for (var sweep = 0; moved && sweep < MaximumSweeps; sweep++)
        {
            moved = false;
            for (var begin = 0; begin < columns; begin += BlockSize)
            {
                var end = Math.Min(columns, begin + BlockSize);
                var count = 0;
                for (var i = NextFlip(cost, steps, g, begin, end); i < end; i = NextFlip(cost, steps, g, i + 1, end))
                {
                    MatrixKernels.AddScaled(g[begin..end], steps[i], gram.Slice((i * columns) + begin, end - begin));
                    flipped[count++] = i;
                    up[i] = !up[i];
                    cost[i] = (2 * Curvature(i, gram, steps, columns)) - cost[i];
                    steps[i] = -steps[i];
                }

                if (count > 0)
                {
                    moved = true;
                    Propagate(flipped[..count], steps, gram, columns, 0, g[..begin]);
                    Propagate(flipped[..count], steps, gram, columns, end, g[end..]);
                }
            }
        }

        ArrayPool<float>.Shared.Return(cost);
    }

    private static float Curvature(int i, ReadOnlySpan<float> gram, ReadOnlySpan<float> steps, int columns) =>
        steps[i] * steps[i] * gram[(i * columns) + i] * (1 + Tolerance);

    // The first weight from `from` on whose flip lowers the objective, or `end`.
    private static int NextFlip(float[] cost, ReadOnlySpan<float> steps, ReadOnlySpan<float> g, int from, int end)
    {
        var i = from;
        for (; i + Vector<float>.Count <= end; i += Vector<float>.Count)
        {
            var s = new Vector<float>(steps[i..]);
            var change = new Vector<float>(cost, i) + ((s + s) * new Vector<float>(g[i..]));
            if (Vector.LessThanAny(change, Vector<float>.Zero))
                break;
        }

        for (; i < end; i++)
        {
            if (cost[i] + ((steps[i] + steps[i]) * g[i]) < 0)
                return i;
        }

        return end;
    }

    // g += Σ δ·G[i, :] over the flips of a block. The steps already point back, hence the sign.
    private static void Propagate(
        ReadOnlySpan<int> flipped, ReadOnlySpan<float> steps, ReadOnlySpan<float> gram, int columns, int offset, Span<float> g)
    {
        if (g.Length == 0)
            return;
        var k = 0;
        for (; k + 4 <= flipped.Length; k += 4)
        {
            var (a, b, c, d) = (flipped[k], flipped[k + 1], flipped[k + 2], flipped[k + 3]);
            MatrixKernels.AddScaled4(
                g,
                -steps[a], gram.Slice((a * columns) + offset, g.Length),
                -steps[b], gram.Slice((b * columns) + offset, g.Length),
                -steps[c], gram.Slice((c * columns) + offset, g.Length),
                -steps[d], gram.Slice((d * columns) + offset, g.Length));
        }

        for (; k < flipped.Length; k++)
            MatrixKernels.AddScaled(g, -steps[flipped[k]], gram.Slice((flipped[k] * columns) + offset, g.Length));
    }
}
