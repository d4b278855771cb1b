using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>A layer of random weights with random data, and its problem computed the plain way, in double precision.</summary>
internal sealed class RandomLayer
{
    private readonly double[] _gram;
    private readonly double[] _cross;
    private readonly double[] _residual;

    /// <summary>Draws a layer.</summary>
    /// <param name="seed">What everything is drawn from.</param>
    /// <param name="rows">Output channels.</param>
    /// <param name="columns">K.</param>
    /// <param name="groups">Groups; rows is a multiple.</param>
    /// <param name="bits">8 or 4.</param>
    /// <param name="samples">Input vectors; fewer than columns make G singular.</param>
    /// <param name="inherited">The deviation of the residual r, relative to that of rounding errors.</param>
    public RandomLayer(int seed, int rows, int columns, int groups = 1, int bits = 4, int samples = 200, double inherited = 0.5)
    {
        var random = new Random(seed);
        var weights = Draw(random, rows * columns, 1);
        Lattice = WeightLattice.PerChannel(new WeightMatrix(weights, [rows, columns], transposed: false, groups), bits);

        // Neighbouring inputs share a part, as channels and pixels do, and have a mean, as behind a Relu.
        Inputs = [.. Enumerable.Range(0, groups * samples).Select(_ =>
        {
            var noise = Draw(random, columns + 1, 1);
            return Enumerable.Range(0, columns).Select(i => 0.5f + noise[i] + (0.7f * noise[i + 1])).ToArray();
        })];

        // What the prefix leaves depends on the inputs: it is an error in them, seen through the weights.
        var scale = inherited * Lattice.Scales.Average();
        Residuals = [.. Enumerable.Range(0, rows).Select(row =>
        {
            var direction = Draw(random, columns, scale / 2);
            var noise = Draw(random, samples, scale);
            var inputs = InputsOf(row);
            return Enumerable.Range(0, samples).Select(s => noise[s] + Dot(direction, inputs[s])).ToArray();
        })];
        (_gram, _cross, _residual) = Moments(samples);
        Problem = new LayerProblem(Lattice, Array.ConvertAll(_gram, g => (float)g), Array.ConvertAll(_cross, q => (float)q), _residual);
    }

    /// <summary>The layer's lattice.</summary>
    public WeightLattice Lattice { get; }

    /// <summary>The problem as the solver gets it.</summary>
    public LayerProblem Problem { get; }

    /// <summary>An error so small that it comes from weights that differ from a lattice point in their last bit.</summary>
    public double Noise => Lattice.Scales.Sum(s => 1e-8 * s * s);

    /// <summary>The input vectors, those of one group after those of the other.</summary>
    public float[][] Inputs { get; }

    /// <summary>
    /// How far A may be off because single precision knows each difference ŵ − w only to 2⁻²⁴ of the weight, δ: by Cauchy and
    /// Schwarz <c>2E|(d·x + r)(δ·x)| ≤ 2·√(A·‖δ‖²·tr G)</c>.
    /// </summary>
    /// <param name="error">A.</param>
    public double Imprecision(double error)
    {
        var difference = Lattice.Weights.Values.Sum(w => Math.Pow(w, 2)) * Math.Pow(2, -48);
        var power = Inputs.Max(x => x.Sum(v => Math.Pow(v, 2)));
        return 2 * Math.Sqrt(error * difference * power);
    }

    private double[][] Residuals { get; }

    /// <summary>A(b), straight from its definition: E‖d·x̂ + r‖² over the inputs.</summary>
    public double ActivationError(IReadOnlyList<bool> up) =>
        Enumerable.Range(0, Problem.Rows).Sum(row => ActivationError(row, up));

    /// <summary>A(b) of one row, straight from its definition.</summary>
    public double ActivationError(int row, IReadOnlyList<bool> up)
    {
        var difference = Enumerable.Range(row * Problem.Columns, Problem.Columns).Select(i => Difference(row, i, up[i])).ToArray();
        var inputs = InputsOf(row);
        return inputs.Select((x, s) => Math.Pow(Dot(difference, x) + Residuals[row][s], 2)).Average();
    }

    /// <summary>A(b) + κ·Σ e·[b = n] of one row.</summary>
    public double Objective(int row, IReadOnlyList<bool> up, double penalty) =>
        ActivationError(row, up) + (penalty * Enumerable.Range(row * Problem.Columns, Problem.Columns)
            .Sum(i => up[i] == Lattice.NearestUp[i] ? Lattice.TruncationError[i] : 0.0));

    /// <summary>Σ e over the weights that are not rounded to nearest.</summary>
    public double FlippedError(IReadOnlyList<bool> up) =>
        Enumerable.Range(0, up.Count).Sum(i => up[i] == Lattice.NearestUp[i] ? 0.0 : Lattice.TruncationError[i]);

    /// <summary>The change of a row's objective by the flip of one weight, from the moments.</summary>
    public double Change(int row, int column, IReadOnlyList<bool> up, double penalty)
    {
        var columns = Problem.Columns;
        var at = (row * columns) + column;
        var step = Lattice.Scales[row] * (up[at] ? -1.0 : 1.0);
        var matrix = _gram.AsSpan(row / (Problem.Rows / Lattice.Weights.Groups) * columns * columns, columns * columns);
        var gradient = _cross[at];
        for (var i = 0; i < columns; i++)
            gradient += matrix[(column * columns) + i] * Difference(row, (row * columns) + i, up[(row * columns) + i]);
        var flip = penalty * Lattice.TruncationError[at];
        return (step * step * matrix[(column * columns) + column]) + (2 * step * gradient) + (up[at] == Lattice.NearestUp[at] ? -flip : flip);
    }

    private double Difference(int row, int i, bool up) =>
        ((double)Lattice.Scales[row] * (Lattice.Floor[i] + (up ? 1 : 0))) - Lattice.Weights.Values[i];

    private ArraySegment<float[]> InputsOf(int row)
    {
        var group = row / (Lattice.Weights.Rows / Lattice.Weights.Groups);
        var samples = Inputs.Length / Lattice.Weights.Groups;
        return new ArraySegment<float[]>(Inputs, group * samples, samples);
    }

    private (double[] Gram, double[] Cross, double[] Residual) Moments(int samples)
    {
        var (rows, columns, groups) = (Lattice.Weights.Rows, Lattice.Weights.Columns, Lattice.Weights.Groups);
        var sums = (Gram: new double[groups * columns * columns], Cross: new double[rows * columns], Residual: new double[rows]);
        for (var row = 0; row < rows; row++)
        {
            var inputs = InputsOf(row);
            var firstOfGroup = row % (rows / groups) == 0;
            var group = row / (rows / groups);
            for (var s = 0; s < samples; s++)
            {
                sums.Residual[row] += Residuals[row][s] * Residuals[row][s] / samples;
                for (var i = 0; i < columns; i++)
                {
                    sums.Cross[(row * columns) + i] += Residuals[row][s] * inputs[s][i] / samples;
                    for (var j = 0; firstOfGroup && j < columns; j++)
                        sums.Gram[(((group * columns) + i) * columns) + j] += (double)inputs[s][i] * inputs[s][j] / samples;
                }
            }
        }

        return sums;
    }

    private static float[] Draw(Random random, int count, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * random.NextNormal()))];

    private static double Dot(double[] x, float[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static double Dot(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
}
