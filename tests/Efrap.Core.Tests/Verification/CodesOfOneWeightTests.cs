using CsCheck;
using Efrap.Core.Indicators;
using Efrap.Core.Quantization;
using Efrap.Core.Verification;

namespace Efrap.Core.Tests.Verification;

/// <summary>What the integers of one weight show by themselves.</summary>
[TestClass]
public sealed class CodesOfOneWeightTests
{
    private const int Rows = 8;
    private const int Columns = 256;

    private static readonly Gen<WeightLattice> Lattices = Gen.Select(Gen.Int, Gen.Bool, (seed, wide) =>
    {
        var random = SeededRandom.Of(seed);
        var values = Enumerable.Range(0, Rows * Columns).Select(_ => (random.NextSingle() * 2) - 1).ToArray();
        return WeightLattice.PerChannel(new WeightMatrix(values, [Rows, Columns], false, 1), wide ? 8 : 4);
    });

    [TestMethod]
    public void Nearest_codes_are_nearest_and_not_stochastic() => Lattices.Sample(
        lattice =>
        {
            var codes = lattice.Codes(lattice.NearestUp);
            Assert.AreEqual(RoundingKind.Nearest, Classify(lattice, codes));
            Assert.IsLessThanOrEqualTo(0.5001, CodePositions.Of(lattice, codes).LargestDeviation);
            Assert.IsFalse(StochasticTest.Of(lattice, codes).Holds);
        },
        iter: 50);

    [TestMethod]
    public void Stochastic_codes_are_stochastic() => Gen.Select(Lattices, Gen.Int[0, 1_000_000]).Sample(
        (lattice, seed) =>
        {
            var random = SeededRandom.Of(seed);
            Assert.AreEqual(RoundingKind.OtherKnown, Classify(lattice, lattice.Codes(Dither.Of(lattice, _ => random.NextSingle()))));
        },
        iter: 50);

    [TestMethod]
    public void One_code_that_is_one_too_far_is_unexplained() => Gen.Select(Lattices, Gen.Int[0, (Rows * Columns) - 1]).Sample(
        (lattice, index) =>
        {
            var codes = lattice.Codes(lattice.NearestUp);
            var (floor, highest) = (lattice.Floor[index], (1 << (lattice.Bits - 1)) - 1);
            var low = lattice.Fraction(index / Columns, index) < 0.5f && lattice.Movable[index];
            codes[index] = (sbyte)(!low ? floor - 1 : floor + 2 <= highest ? floor + 2 : floor - 2);
            Assert.AreEqual(RoundingKind.Unexplained, Classify(lattice, codes));
            Assert.AreEqual(1, CodePositions.Of(lattice, codes).Counts.OffLattice);
        },
        iter: 50);

    [TestMethod]
    public void Ties_to_even_and_away_are_told_apart()
    {
        float[] weights = [7, 0.5f, 1.5f, -2.5f, -0.5f, 3, 2, 1];
        var lattice = WeightLattice.PerChannel(new WeightMatrix(weights, [1, 8], false, 1), 4);
        Assert.AreEqual("to even", CodePositions.Of(lattice, [7, 0, 2, -2, 0, 3, 2, 1]).TieRule);
        Assert.AreEqual("away from zero", CodePositions.Of(lattice, [7, 1, 2, -3, -1, 3, 2, 1]).TieRule);
        Assert.AreEqual("both ways", CodePositions.Of(lattice, [7, 0, 2, -3, -1, 3, 2, 1]).TieRule);
        Assert.AreEqual(RoundingKind.Nearest, Classify(lattice, [7, 1, 2, -3, -1, 3, 2, 1]));
    }

    [TestMethod]
    [DataRow(0.2f, false)]
    [DataRow(2f, true)]
    [DataRow(10f, false)]
    public void Scales_are_held_against_the_weights(float factor, bool source)
    {
        var random = SeededRandom.Of(1);
        var values = Enumerable.Range(0, Rows * Columns).Select(_ => (random.NextSingle() * 2) - 1).ToArray();
        var weights = new WeightMatrix(values, [Rows, Columns], false, 1);
        var scales = new float[values.Length];
        Array.Fill(scales, factor / 127);
        var lattice = WeightLattice.Given(weights, scales, new sbyte[values.Length], [], 8, perTensor: true);
        Assert.AreEqual(source ? RoundingKind.Nearest : RoundingKind.Unexplained, Classify(lattice, lattice.Codes(lattice.NearestUp)));
    }

    [TestMethod]
    [DataRow(0, 0, 1.0)]
    [DataRow(1, 1, 0.25)]
    [DataRow(2, 1, 0.4375)]
    [DataRow(10, 10, 9.5367431640625e-07)]
    public void Unserved_flips_have_a_binomial_chance(int flips, int unserved, double chance) =>
        Assert.AreEqual(chance, new ServedFlips(0, flips, unserved).Chance, 1e-12);

    private static RoundingKind Classify(WeightLattice lattice, sbyte[] codes) =>
        RoundingClassification.Of(lattice, codes, CodePositions.Of(lattice, codes), StochasticTest.Of(lattice, codes), null).Kind;
}
