using CsCheck;
using Efrap.Core.Quantization;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Every weight has the two integers around it to choose from, one on the lattice or at the edge none.</summary>
[TestClass]
public sealed class WeightLatticeTests
{
    private static readonly Gen<float> Weights = Gen.Frequency(
        (6, Gen.Single[-2, 2]),
        (1, Gen.Const(0f)),
        (1, Gen.Single[-1e-6f, 1e-6f]),
        (1, Gen.Single[-1e-41f, 1e-41f]),
        (1, Gen.Single[-3e38f, 3e38f]));

    private static readonly Gen<(WeightMatrix Matrix, int Limit, WeightLattice Lattice)> Lattices = Gen.Select(
        Weights.Array[1, 60], Gen.Int[1, 4], Gen.Bool, Gen.Enum<Granularity>(),
        (values, rows, int8, granularity) =>
        {
            var columns = (values.Length + rows - 1) / rows;
            Array.Resize(ref values, rows * columns);
            var matrix = new WeightMatrix(values, [rows, columns], transposed: false, groups: 1);
            return (matrix, int8 ? 127 : 7, WeightLattice.For(granularity, matrix, int8 ? 8 : 4));
        });

    [TestMethod]
    public void Codes_are_the_floor_or_the_ceiling_within_the_limit() => Gen.Select(Lattices, Gen.Int).Sample((x, seed) =>
    {
        var random = new Random(seed);
        var up = x.Lattice.Movable.Select((movable, i) => movable ? random.Next(2) == 0 : x.Lattice.NearestUp[i]).ToArray();
        var codes = x.Lattice.Codes(up);
        for (var i = 0; i < codes.Length; i++)
        {
            var position = x.Matrix.Values[i] / x.Lattice.Scales[i / x.Matrix.Columns];
            Assert.IsTrue(
                codes[i] == MathF.Floor(position) || codes[i] == MathF.Ceiling(position) || Math.Abs(position) > x.Limit,
                $"code {codes[i]} for {position}");
            Assert.IsLessThanOrEqualTo(x.Limit, Math.Abs((int)codes[i]));
        }
    });

    [TestMethod]
    public void Scales_put_the_largest_weight_that_shares_them_at_the_limit() => Lattices.Sample(x =>
    {
        for (var row = 0; row < x.Matrix.Rows; row++)
        {
            var channel = x.Matrix.Values.AsSpan(row * x.Matrix.Columns, x.Matrix.Columns).ToArray();
            var largest = (x.Lattice.Granularity == Granularity.PerTensor ? x.Matrix.Values : channel).Max(MathF.Abs);
            Assert.IsTrue(float.IsFinite(x.Lattice.Scales[row]) && x.Lattice.Scales[row] > 0);
            if (largest > 1e-25f)
                Assert.AreEqual(largest / x.Limit, x.Lattice.Scales[row]);
        }
    });

    [TestMethod]
    public void Truncation_error_is_that_of_nearest_and_never_above_half_a_step() => Lattices.Sample(x =>
    {
        var nearest = x.Lattice.Codes(x.Lattice.NearestUp);
        for (var i = 0; i < nearest.Length; i++)
        {
            var scale = (double)x.Lattice.Scales[i / x.Matrix.Columns];
            var weight = x.Matrix.Values[i];
            Assert.AreEqual(Math.Abs(weight - (scale * nearest[i])), x.Lattice.TruncationError[i], (1e-6 * Math.Abs(weight)) + float.Epsilon);
            Assert.IsLessThanOrEqualTo((0.5 * scale) + (1e-6 * Math.Abs(weight)), x.Lattice.TruncationError[i]);
        }
    });

    [TestMethod]
    [DataRow(8)]
    [DataRow(4)]
    public void Weights_on_lattice_points_and_at_the_edge_do_not_move(int bits)
    {
        var limit = (1 << (bits - 1)) - 1;
        float[] values = [.. Enumerable.Range(-limit, (2 * limit) + 1).Select(code => code * 0.25f)];
        var lattice = WeightLattice.PerChannel(new WeightMatrix(values, [1, values.Length], transposed: false, groups: 1), bits);
        Assert.AreEqual(0.25f, lattice.Scales[0]);
        Assert.IsFalse(lattice.Movable.Any(m => m));
        CollectionAssert.AreEqual(
            Enumerable.Range(-limit, (2 * limit) + 1).Select(c => (sbyte)c).ToArray(), lattice.Codes(lattice.NearestUp));
        Assert.AreEqual(0, lattice.TruncationError.Max());
    }

    // Whatever max|w| / limit rounds to: the largest weight is the edge, up to the last bit of the quotient.
    [TestMethod]
    public void The_largest_weight_of_a_row_does_not_move() => Gen.Select(Gen.Single[1e-3f, 1e3f], Gen.Bool, Gen.Bool).Sample(
        (largest, negative, int8) =>
    {
        var values = new[] { negative ? -largest : largest, 0.3f * largest };
        var lattice = WeightLattice.PerChannel(new WeightMatrix(values, [1, 2], transposed: false, groups: 1), int8 ? 8 : 4);
        Assert.IsFalse(lattice.Movable[0]);
        Assert.AreEqual(negative ? -1 : 1, Math.Sign(lattice.Codes(lattice.NearestUp)[0]));
        Assert.AreEqual(int8 ? 127 : 7, Math.Abs((int)lattice.Codes(lattice.NearestUp)[0]));
    });

    [TestMethod]
    public void Rows_of_zeros_and_of_denormal_numbers_are_zero()
    {
        float[] values = [0, 0, 0, 1e-41f, -1e-42f, float.Epsilon];
        var lattice = WeightLattice.PerChannel(new WeightMatrix(values, [2, 3], transposed: false, groups: 1), 8);
        CollectionAssert.AreEqual(new sbyte[6], lattice.Codes(lattice.NearestUp));
        Assert.IsTrue(lattice.Scales.All(s => s > 0 && float.IsNormal(s)));
        Assert.IsFalse(lattice.Movable.Take(3).Any(m => m), "exact zeros lie on the lattice");
    }

    [TestMethod]
    public void Scales_are_no_smaller_than_asked()
    {
        var lattice = WeightLattice.PerChannel(new WeightMatrix([1, 2, 3, 4], [2, 2], transposed: false, groups: 1), 8, [0.5f, 0]);
        Assert.AreEqual(0.5f, lattice.Scales[0]);
        Assert.AreEqual(4f / 127, lattice.Scales[1]);
        CollectionAssert.AreEqual(new sbyte[] { 2, 4, 95, 127 }, lattice.Codes(lattice.NearestUp));
    }

    [TestMethod]
    public void A_transposed_tensor_has_its_columns_as_rows_and_back()
    {
        float[] tensor = [1, 2, 3, 4, 5, 6];
        var matrix = new WeightMatrix(tensor, [2, 3], transposed: true, groups: 1);
        Assert.AreEqual((3, 2, 1), (matrix.Rows, matrix.Columns, matrix.ChannelAxis));
        CollectionAssert.AreEqual(new float[] { 1, 4, 2, 5, 3, 6 }, matrix.Values);
        CollectionAssert.AreEqual(tensor, matrix.ToTensor(matrix.Values));
    }
}
