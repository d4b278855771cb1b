using CsCheck;
using Efrap.AttackLab.Attacks;
using Efrap.Core.Quantization;
using static TorchSharp.torch;

namespace Efrap.Torch.Tests.Attacks;

/// <summary>
/// What attackers train against is to the bit what Efrap's quantizer does. (Efrap takes channels below 1e-30 for zero; the
/// attackers need not.)
/// </summary>
[TestClass]
public sealed class FakeQuantizationEqualsTheLatticeTests : TorchTest
{
    private static readonly Gen<(float[] Weights, int Channels)> _layers =
        from channels in Gen.Int[1, 4]
        from columns in Gen.Int[1, 40]
        from size in Among(1e-10f, 1e-3f, 1f, 1e20f)
        from weights in Gen.OneOf(Gen.Float[-1, 1], Among(0f, 1f, -1f, 0.5f)).Array[channels * columns]
        select (weights.Select(w => MathF.Abs(w) < 1e-9f ? 0 : w * size).ToArray(), channels);

    private static Gen<float> Among(params float[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [TestMethod]
    [DataRow(8, false)]
    [DataRow(4, false)]
    [DataRow(8, true)]
    [DataRow(4, true)]
    public void Codes_and_rounded_weights_are_those_of_the_lattice(int bits, bool perTensor)
    {
        var grid = RoundingGrid.OfBits(bits, perTensor);
        _layers.Sample(
            layer =>
            {
                long[] shape = [layer.Channels, layer.Weights.Length / layer.Channels];
                var lattice = WeightLattice.For(
                    perTensor ? Granularity.PerTensor : Granularity.PerChannel, new WeightMatrix(layer.Weights, shape, false, 1), bits);
                var expected = lattice.Codes(lattice.NearestUp);
                using var scope = NewDisposeScope();
                var weight = tensor(layer.Weights).reshape(shape);
                var codes = grid.Codes(weight, grid.Scale(weight));
                CollectionAssert.AreEqual(expected, Array.ConvertAll(codes.data<float>().ToArray(), c => (sbyte)c));
                CollectionAssert.AreEqual(expected, grid.NearestCodes(layer.Weights, layer.Channels));
                var rounded = expected.Select((c, i) => c * lattice.Scales[i / shape[1]]).ToArray();
                CollectionAssert.AreEqual(rounded, grid.Round(weight).data<float>().ToArray());
            },
            iter: 500,
            threads: 1);
    }
}
