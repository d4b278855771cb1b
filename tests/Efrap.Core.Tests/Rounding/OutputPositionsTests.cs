using CsCheck;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Rounding;

/// <summary>Output positions are selected one from each of as many equal stretches, spread over the columns of an image.</summary>
[TestClass]
public sealed class OutputPositionsTests
{
    [TestMethod]
    public void Ascending_distinct_and_one_from_each_stretch() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 5000], Gen.Int[0, 100_000]).Sample(
            (available, wanted, batch) =>
            {
                wanted = Math.Min(wanted, available);
                var positions = OutputPositions.Select(available, wanted, batch);
                Assert.HasCount(wanted, positions);
                for (var i = 0; i < wanted; i++)
                {
                    Assert.IsGreaterThanOrEqualTo((long)i * available / wanted, positions[i]);
                    Assert.IsLessThan((long)(i + 1) * available / wanted, positions[i]);
                }
            },
            iter: 2000);

    [TestMethod]
    public void All_where_no_fewer_are_wanted() =>
        CollectionAssert.AreEqual(Enumerable.Range(0, 7).ToArray(), OutputPositions.Select(7, 9, batch: 3));

    // Stretches as long as a row, or a whole number of rows, are the trap.
    [TestMethod]
    [DataRow(32, 1)]
    [DataRow(32, 2)]
    [DataRow(28, 4)]
    [DataRow(7, 7)]
    [DataRow(224, 224)]
    public void Spread_over_the_columns_of_an_image(int width, int rowsPerStretch)
    {
        const int Stretches = 4096;
        const int Bands = 7;
        var positions = OutputPositions.Select(Stretches * width * rowsPerStretch, Stretches, batch: 5);
        for (var band = 0; band < Bands; band++)
        {
            var columns = Enumerable.Range(0, width).Count(c => c * Bands / width == band);
            var selected = positions.Count(p => p % width * Bands / width == band);
            Assert.AreEqual((double)Stretches * columns / width, selected, 0.02 * Stretches, $"band {band}");
        }
    }

    [TestMethod]
    public void Batches_look_at_different_places()
    {
        var first = OutputPositions.Select(100_000, 1000, batch: 0);
        var second = OutputPositions.Select(100_000, 1000, batch: 1);
        Assert.IsLessThan(100, first.Intersect(second).Count());
    }
}
