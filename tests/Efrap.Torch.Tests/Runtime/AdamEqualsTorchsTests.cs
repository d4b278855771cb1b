using Efrap.Torch.Runtime;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace Efrap.Torch.Tests.Runtime;

/// <summary>Steps are those of Torch's Adam.</summary>
[TestClass]
public sealed class AdamEqualsTorchsTests : TorchTest
{
    [TestMethod]
    [DataRow(0.9, 0.999)]
    [DataRow(0.5, 0.9)]
    public void On_a_small_problem(double firstDecay, double secondDecay)
    {
        using var scope = NewDisposeScope();
        var goal = randn(5, 7);
        var start = randn(5, 7);
        var (own, torchs) = (new Parameter(start.clone()), new Parameter(start.clone()));
        using var adam = new Adam([own], 0.1, firstDecay, secondDecay);
        using var reference = optim.Adam([torchs], 0.1, firstDecay, secondDecay);
        for (var i = 0; i < 50; i++)
        {
            Loss(own, goal).backward();
            adam.Step();
            reference.zero_grad();
            Loss(torchs, goal).backward();
            reference.step();
            using var difference = (own - torchs).abs().max();
            Assert.AreEqual(0, difference.item<float>(), 1e-6f, $"step {i + 1}");
        }

        Assert.IsGreaterThan(0.5f, (own - start).abs().max().item<float>(), "nothing moved");
    }

    private static Tensor Loss(Parameter parameter, Tensor goal) => nn.functional.mse_loss(parameter, goal, nn.Reduction.Sum);
}
