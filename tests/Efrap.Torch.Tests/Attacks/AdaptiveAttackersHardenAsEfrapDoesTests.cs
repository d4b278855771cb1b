using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;

namespace Efrap.Torch.Tests.Attacks;

[TestClass]
public sealed class AdaptiveAttackersHardenAsEfrapDoesTests : TorchTest
{
    [TestMethod]
    [DataRow(8, false)]
    [DataRow(4, true)]
    public void The_codes_are_on_the_lattice_and_not_the_nearest(int bits, bool perTensor)
    {
        using var clean = new ResidualNet(ShapeGeometry.Count);
        using var net = clean.FoldBatchNormalization();
        var grid = RoundingGrid.OfBits(bits, perTensor);
        var calibration = new ShapeImages(1).Draw(SamplePurpose.Calibration, 0, 32);
        var codes = HardenedCodes.Of(net, grid, calibration, 0.5, CancellationToken.None);
        Assert.HasCount(net.WeightLayers().Count, codes);
        foreach (var layer in net.WeightLayers())
        {
            var lattice = grid.Lattice(layer);
            Assert.IsTrue(codes[layer.Name].Zip(lattice.Floor).All(c => c.First - c.Second is 0 or 1), layer.Name);
            CollectionAssert.AreNotEqual(grid.NearestCodes(layer.Values(), layer.Channels), codes[layer.Name], layer.Name);
        }
    }
}
