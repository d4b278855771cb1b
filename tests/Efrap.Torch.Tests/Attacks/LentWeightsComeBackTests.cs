using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using static TorchSharp.torch;

namespace Efrap.Torch.Tests.Attacks;

[TestClass]
public sealed class LentWeightsComeBackTests : TorchTest
{
    [TestMethod]
    public void A_rounded_net_hands_its_gradient_to_the_weights_and_gives_them_back()
    {
        using var net = new ResidualNet(ShapeGeometry.Count, normalized: false);
        using var scope = NewDisposeScope();
        var layers = net.WeightLayers();
        var images = randn(4, 3, 32, 32);
        var before = layers.Select(l => l.Values()).ToArray();
        using (RoundedWeights.Nearest(layers, RoundingGrid.Int4))
        {
            CollectionAssert.AreNotEqual(before[1], layers[1].Values());
            net.forward(images).sum().backward();
        }

        foreach (var (layer, own) in layers.Zip(before))
            CollectionAssert.AreEqual(own, layer.Values(), layer.Name);

        using var rounded = new ResidualNet(ShapeGeometry.Count, normalized: false);
        using (no_grad())
        {
            foreach (var (to, from) in rounded.parameters().Zip(net.parameters()))
                to.copy_(from);
            foreach (var layer in rounded.WeightLayers())
                layer.Weight.copy_(RoundingGrid.Int4.Round(layer.Weight));
        }

        rounded.forward(images).sum().backward();
        foreach (var (lent, own) in layers.Zip(rounded.WeightLayers()))
            CollectionAssert.AreEqual(own.Weight.grad!.data<float>().ToArray(), lent.Weight.grad!.data<float>().ToArray(), lent.Name);
    }
}
