using Efrap.Core.Quantization;
using Efrap.Torch.Rounding;
using Efrap.Torch.Runtime;
using TorchSharp;

namespace Efrap.Torch.Tests.Rounding;

/// <summary>The scale's gradient is that of learned step size quantization (arXiv 1902.08153, equation 3).</summary>
[TestClass]
public sealed class InputRoundingLearnsItsScaleTests : TorchTest
{
    private static readonly ActivationGrid _grid = new(0.5f, 4, Bits: 4);

    // Codes −4 to 11 around zero: −2 to 5.5.
    private static readonly float[] _values = [-9, -2.2f, -1.8f, 0, 0.3f, 1.26f, 5.4f, 7];

    [TestMethod]
    public void Values_go_to_the_points_of_the_grid()
    {
        using var rounding = new InputRounding(_grid);
        var expected = _values.Select(_grid.Round).ToArray();
        CollectionAssert.AreEqual(new[] { -2, -2, -2, 0, 0.5f, 1.5f, 5.5f, 5.5f }, expected);
        CollectionAssert.AreEqual(expected, rounding.Of(torch.tensor(_values)).data<float>().ToArray());
    }

    [TestMethod]
    public void The_gradient_is_the_error_in_steps_inside_and_the_code_outside()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            using var rounding = new InputRounding(_grid);
            rounding.Of(torch.tensor([_values[i]])).sum().backward();
            var position = _values[i] / _grid.Scale;
            var code = MathF.Round(position);
            Assert.AreEqual(code is >= -4 and <= 11 ? code - position : Math.Clamp(code, -4, 11), rounding.Scale.grad!.item<float>(), 1e-5f, $"{_values[i]}");
        }
    }

    [TestMethod]
    public void It_learns_the_scale_that_rounds_best()
    {
        var values = torch.rand(4000).Times(3);
        using var rounding = new InputRounding(new ActivationGrid(0.5f, 0, Bits: 4));
        using var adam = new Adam([rounding.Scale], 2e-3);
        for (var step = 0; step < 400; step++)
        {
            using var scope = torch.NewDisposeScope();
            (rounding.Of(values) - values).Squared().sum().backward();
            adam.Step();
        }

        Assert.AreEqual(3 / 15.5, rounding.Grid.Scale, 0.01);
        Assert.AreEqual(0, rounding.Grid.ZeroPoint);
    }
}
