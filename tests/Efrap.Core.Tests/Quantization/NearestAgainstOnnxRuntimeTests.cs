using CsCheck;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Onnx;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Nearest rounding is ONNX Runtime's QuantizeLinear on the same scales, bit for bit.</summary>
[TestClass]
public sealed class NearestAgainstOnnxRuntimeTests
{
    // Ties are what implementations differ in: steps of an eighth of the largest weight's code make them frequent.
    private static readonly Gen<float[]> Rows = Gen.OneOf(Gen.Single[-3, 3], Gen.Int[-127 * 8, 127 * 8].Select(i => i / 8f)).Array[24];

    [TestMethod]
    public void At_eight_bits() => Gen.Select(Rows, Gen.Bool).Sample((values, ties) => AssertSame(values, ties, 8), iter: 200);

    [TestMethod]
    public void At_four_bits() => Gen.Select(Rows, Gen.Bool).Sample((values, ties) => AssertSame(values, ties, 4), iter: 200);

    private static void AssertSame(float[] values, bool ties, int bits)
    {
        const int Channels = 3;
        if (ties)
        {
            // The scale becomes 1, or 16 at four bits: quotients are exact.
            for (var row = 0; row < Channels; row++)
                values[row * 8] = bits == 8 ? 127 : 112;
        }

        var lattice = WeightLattice.PerChannel(new WeightMatrix(values, [Channels, 8], transposed: false, groups: 1), bits);
        var codes = lattice.Codes(lattice.NearestUp);

        var b = new ModelBuilder(opset: 21, ir: 10);
        var x = b.Input("input", Channels, 8);
        b.Initializer(TensorValues.FromSingles("scales", [Channels], lattice.Scales));
        b.Initializer(bits == 8
            ? TensorValues.FromInt8s("zeros", [Channels], new sbyte[Channels])
            : TensorValues.FromInt4s("zeros", [Channels], new sbyte[Channels]));
        var stored = b.Node("QuantizeLinear", [x, "scales", "zeros"], ("axis", 0L));
        var restored = b.Node("DequantizeLinear", [stored, "scales", "zeros"], ("axis", 0L));
        var expected = OrtRun.Single(b.Output(restored, Channels, 8).Build(), values, Channels, 8).Singles;
        for (var i = 0; i < codes.Length; i++)
            Assert.AreEqual(expected[i], codes[i] * lattice.Scales[i / 8], $"weight {values[i]} on scale {lattice.Scales[i / 8]}");
    }
}
