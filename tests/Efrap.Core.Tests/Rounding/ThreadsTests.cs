using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>Moments and roundings are the same bits whatever the number of threads.</summary>
[TestClass]
public sealed class ThreadsTests
{
    private static readonly int[] Threads = [1, 2, 3, 8];

    [TestMethod]
    public void Do_not_change_a_bit_of_the_moments()
    {
        const int Rows = 120, Columns = 100, Groups = 2;
        var expected = Collect(1);
        foreach (var threads in Threads)
        {
            var moments = Collect(threads);
            CollectionAssert.AreEqual(expected.Gram, moments.Gram);
            CollectionAssert.AreEqual(expected.Cross, moments.Cross);
            CollectionAssert.AreEqual(expected.Residual, moments.Residual);
        }

        static LayerMoments Collect(int threads)
        {
            var random = new Random(1);
            float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
            var weights = new WeightMatrix(Draw(Rows * Columns), [Rows, Columns], transposed: false, Groups);
            var layer = new QuantizableLayer(0, "layer", "Conv", "x", "w", "b", "y", weights, Draw(Rows), null);
            var moments = new LayerMoments(layer, new ParallelOptions { MaxDegreeOfParallelism = threads });
            foreach (var width in new[] { 500, 77, 300 })
                moments.Add(Draw(Groups * Columns * width), Draw(Rows * width), width);
            moments.Complete();
            return moments;
        }
    }

    [TestMethod]
    public void Do_not_change_a_bit_of_the_rounding()
    {
        var layer = new RandomLayer(seed: 5, rows: 40, columns: 90, groups: 2);
        var expected = BudgetedRounding.Solve(layer.Problem, 0.6, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        Assert.IsGreaterThan(0.0, expected.Penalty, "nothing was searched for");
        foreach (var threads in Threads)
        {
            var rounding = BudgetedRounding.Solve(layer.Problem, 0.6, new ParallelOptions { MaxDegreeOfParallelism = threads });
            CollectionAssert.AreEqual(expected.Up, rounding.Up);
            Assert.AreEqual(expected with { Up = rounding.Up }, rounding);
        }
    }
}
