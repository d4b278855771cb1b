using CsCheck;
using Efrap.Core.Indicators;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class WilsonIntervalTests
{
    // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
    [TestMethod]
    [DataRow(81, 263, 0.2553, 0.3662)]
    [DataRow(15, 148, 0.0624, 0.1605)]
    [DataRow(0, 20, 0.0000, 0.1611)]
    [DataRow(1, 29, 0.0061, 0.1718)]
    public void It_equals_published_values(int successes, int trials, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, trials);
        Assert.AreEqual(low, interval.Low, 5e-5);
        Assert.AreEqual(high, interval.High, 5e-5);
    }

    [TestMethod]
    public void It_holds_the_proportion_and_stays_inside_0_to_1() =>
        Gen.Int[1, 5000].SelectMany(n => Gen.Int[0, n].Select(k => (k, n))).Sample(t =>
        {
            var interval = WilsonInterval.Of(t.k, t.n);
            var p = (double)t.k / t.n;
            return 0 <= interval.Low && interval.Low <= p && p <= interval.High && interval.High <= 1;
        });

    // Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10.
    [TestMethod]
    [DataRow(9, 3, 10, 0.1705, 0.8090)]
    [DataRow(6, 2, 7, 0.0582, 0.8062)]
    public void The_interval_of_a_difference_equals_published_values(int first, int second, int trials, double low, double high)
    {
        var interval = WilsonInterval.OfDifference(first, second, trials);
        Assert.AreEqual(low, interval.Low, 5e-5);
        Assert.AreEqual(high, interval.High, 5e-5);
    }
}
