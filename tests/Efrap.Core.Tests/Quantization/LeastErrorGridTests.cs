using CsCheck;
using Efrap.Core.Quantization;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Of the ranges looked at, the one that rounds the values best; zero stays zero.</summary>
[TestClass]
public sealed class LeastErrorGridTests
{
    private static readonly Gen<float[]> Values = Gen.Frequency((8, Gen.Single[-1, 3]), (1, Gen.Const(0f)), (1, Gen.Single[-30, 90])).Array[1, 200];

    [TestMethod]
    public void Errs_no_more_than_the_range_of_all_values() => Gen.Select(Values, Gen.Bool).Sample((values, int8) =>
    {
        var bits = int8 ? 8 : 4;
        var range = ActivationRange.Of(values);
        Assert.IsLessThanOrEqualTo(Error(values, range.ToGrid(bits)), Error(values, LeastErrorGrid.Of(values, range, bits)));
    });

    [TestMethod]
    public void Errs_no_more_than_any_range_down_to_a_fifth() => Gen.Select(Values, Gen.Int[0, 79]).Sample((values, i) =>
    {
        var range = ActivationRange.Of(values);
        var share = 1 - (i * 0.01f);
        var candidate = new ActivationRange(range.Minimum * share, range.Maximum * share).ToGrid(4);
        Assert.IsLessThanOrEqualTo(Error(values, candidate) * (1 + 1e-12), Error(values, LeastErrorGrid.Of(values, range, 4)));
    });

    [TestMethod]
    public void Keeps_zero() => Gen.Select(Values, Gen.Bool).Sample((values, int8) =>
        Assert.AreEqual(0f, LeastErrorGrid.Of(values, ActivationRange.Of(values), int8 ? 8 : 4).Round(0)));

    [TestMethod]
    public void Cuts_off_what_is_rare_and_far()
    {
        float[] values = [.. Enumerable.Range(0, 2000).Select(i => i / 2000f), 4];
        var grid = LeastErrorGrid.Of(values, ActivationRange.Of(values), 4);
        Assert.IsLessThan(2.5f, grid.Round(4));
        Assert.AreEqual(4, ActivationRange.Of(values).ToGrid(4).Round(4), 1e-5);
    }

    [TestMethod]
    public void Has_sixteen_values_at_four_bits()
    {
        float[] values = [.. Enumerable.Range(-500, 2000).Select(i => i / 100f)];
        var grid = LeastErrorGrid.Of(values, ActivationRange.Of(values), 4);
        Assert.AreEqual(16, values.Select(grid.Round).Distinct().Count());
    }

    private static double Error(float[] values, ActivationGrid grid) => values.Sum(v => Math.Pow((double)grid.Round(v) - v, 2));
}
