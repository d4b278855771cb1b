using Efrap.Core.Onnx;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization;

/// <summary>An activation that is NaN or infinite on the calibration data ends the run, however few of its values are.</summary>
[TestClass]
public sealed class NotFiniteActivationsTests
{
    private const int Side = 256;

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void Are_refused_even_where_the_moments_do_not_look(float value)
    {
        // Two samples in one batch: a pixel that is selected in neither of them.
        var selected = OutputPositions.Select(2 * Side * Side, 8192, batch: 0).ToHashSet();
        var unseen = Enumerable.Range(0, Side * Side).First(p => !selected.Contains(p) && !selected.Contains(p + (Side * Side)));
        var map = new float[Side * Side];
        map[unseen] = value;

        var b = new ModelBuilder();
        var x = b.Node("Add", [b.Input("input", -1, 1, Side, Side), b.Initializer(TensorValues.FromSingles("map", [1, 1, Side, Side], map))]);
        b.Output(b.Conv(x, 1, 2, kernel: 1), -1, 2, Side, Side);
        StringAssert.Contains(Refusal.Expect(EfrapCode.ModelNotRunnable, () => Hardened.Of(b, samples: 2)), "NaN or infinity");
    }
}
