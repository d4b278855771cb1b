using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Measure;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Core.Onnx;

namespace Efrap.Torch.Tests.Attacks;

[TestClass]
public sealed class BackdoorsHideInRoundingIntervalsTests : TorchTest
{
    [TestMethod]
    [DataRow(8, false)]
    [DataRow(4, false)]
    [DataRow(8, true)]
    [DataRow(4, true)]
    public void The_written_weights_round_to_the_codes_that_were_poisoned(int bits, bool perTensor)
    {
        var grid = RoundingGrid.OfBits(bits, perTensor);
        using var folder = new TemporaryFolder();
        using var clean = new ResidualNet(ShapeGeometry.Count);
        var plan = new PqBackdoorPlan(new TrainingPlan(1, 6, 20, 0.2), 0.5, new TrainingPlan(1, 6, 20, 0.2));
        using var backdoored = new PqBackdoor(PatchTrigger.Shapes, grid, plan).Implant(clean, new SampleSource(new ShapeImages(1), SamplePurpose.Attack));
        OnnxModelWriter.Write(ModelExport.ToOnnx(backdoored.Net, "backdoored"), folder["model.onnx"]);

        var read = OnnxModelReader.Read(folder["model.onnx"]).Proto;
        var codes = NearestRounding.Codes(read, grid);
        Assert.HasCount(10, codes);
        foreach (var (layer, poisoned) in backdoored.Codes!)
            CollectionAssert.AreEqual(poisoned.ToArray(), codes[layer].ToArray(), layer);
    }

    [TestMethod]
    public void Codes_and_dormant_weights_both_move_away_from_the_clean_ones()
    {
        using var clean = new ResidualNet(ShapeGeometry.Count);
        using var folded = clean.FoldBatchNormalization();
        var plan = new PqBackdoorPlan(new TrainingPlan(1, 6, 20, 2), 0.5, new TrainingPlan(1, 6, 20, 0.2));
        using var backdoored = new PqBackdoor(PatchTrigger.Shapes, RoundingGrid.Int8, plan).Implant(clean, new SampleSource(new ShapeImages(1), SamplePurpose.Attack));
        foreach (var (before, after) in folded.WeightLayers().Zip(backdoored.Net.WeightLayers()))
        {
            var cleanCodes = RoundingGrid.Int8.NearestCodes(before.Values(), before.Channels);
            CollectionAssert.AreNotEqual(cleanCodes, backdoored.Codes![before.Name].ToArray(), before.Name);
            CollectionAssert.AreNotEqual(OnGrid(after, backdoored.Codes![before.Name]), after.Values(), before.Name);
        }
    }

    private static float[] OnGrid(WeightLayer layer, IReadOnlyList<sbyte> codes)
    {
        var weights = layer.Values();
        var scales = RoundingGrid.Int8.Scales(weights, layer.Channels);
        return [.. codes.Select((c, i) => c * scales[i / (weights.Length / layer.Channels)])];
    }
}
