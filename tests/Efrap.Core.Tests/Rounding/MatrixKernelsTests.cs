using CsCheck;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>The products equal sums in double precision, for every shape around the kernels' tiles of 4 × 3 × 8.</summary>
[TestClass]
public sealed class MatrixKernelsTests
{
    private const float Untouched = 123456;

    // Single precision's unit roundoff, and so the error of a sum of n products below n·u·Σ|a·b|.
    private const double Roundoff = 1.0 / (1 << 24);

    private static readonly Gen<Shape> Shapes = Gen.Select(
        Gen.Int[0, 13], Gen.Int[0, 10], Gen.Int[0, 41], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int,
        (m, n, depth, a, b, c, seed) => new Shape(m, n, depth, a, b, c, seed));

    [TestMethod]
    public void A_times_B_transposed() => Shapes.Sample(
        s =>
        {
            var random = new Random(s.Seed);
            var a = Matrix(random, s.M, s.Depth, s.PaddingA);
            var b = Matrix(random, s.N, s.Depth, s.PaddingB);
            var c = Matrix(random, s.M, s.N, s.PaddingC);
            var product = (float[])c.Clone();
            MatrixKernels.AddProductTransposed(
                a, s.Depth + s.PaddingA, s.M, b, s.Depth + s.PaddingB, s.N, s.Depth, product, s.N + s.PaddingC);
            AssertProduct(s, a, (k, j) => b[(j * (s.Depth + s.PaddingB)) + k], c, product);
        },
        iter: 2000);

    [TestMethod]
    public void A_times_B() => Shapes.Sample(
        s =>
        {
            var random = new Random(s.Seed);
            var a = Matrix(random, s.M, s.Depth, s.PaddingA);
            var b = Matrix(random, s.Depth, s.N, s.PaddingB);
            var c = Matrix(random, s.M, s.N, s.PaddingC);
            var product = (float[])c.Clone();
            MatrixKernels.AddProduct(a, s.Depth + s.PaddingA, s.M, b, s.N + s.PaddingB, s.N, s.Depth, product, s.N + s.PaddingC);
            AssertProduct(s, a, (k, j) => b[(k * (s.N + s.PaddingB)) + j], c, product);
        },
        iter: 2000);

    private static void AssertProduct(Shape s, float[] a, Func<int, int, float> b, float[] before, float[] after)
    {
        var stride = s.N + s.PaddingC;
        for (var at = 0; at < before.Length; at++)
        {
            var (i, j) = Math.DivRem(at, stride);
            if (j >= s.N)
            {
                Assert.AreEqual(Untouched, after[at], "a value beyond the row was written");
                continue;
            }

            double sum = before[at], size = Math.Abs(before[at]);
            for (var k = 0; k < s.Depth; k++)
            {
                var product = (double)a[(i * (s.Depth + s.PaddingA)) + k] * b(k, j);
                sum += product;
                size += Math.Abs(product);
            }

            Assert.AreEqual(sum, after[at], (s.Depth + 2) * Roundoff * size, $"at row {i}, column {j} of {s}");
        }
    }

    private static float[] Matrix(Random random, int rows, int columns, int padding)
    {
        var values = new float[rows * (columns + padding)];
        for (var i = 0; i < values.Length; i++)
            values[i] = i % (columns + padding) < columns ? (float)random.NextNormal() : Untouched;
        return values;
    }

    private sealed record Shape(int M, int N, int Depth, int PaddingA, int PaddingB, int PaddingC, int Seed);
}
