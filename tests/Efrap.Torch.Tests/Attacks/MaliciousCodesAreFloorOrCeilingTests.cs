using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;

namespace Efrap.Torch.Tests.Attacks;

[TestClass]
public sealed class MaliciousCodesAreFloorOrCeilingTests : TorchTest
{
    private static readonly ShapeImages _images = new(1);

    [TestMethod]
    [DataRow(8, false)]
    [DataRow(4, true)]
    public void Each_code_is_one_of_two_and_the_benign_net_stays(int bits, bool perTensor)
    {
        var grid = RoundingGrid.OfBits(bits, perTensor);
        using var clean = new ResidualNet(ShapeGeometry.Count);
        using var folded = clean.FoldBatchNormalization();
        using var attacked = Implant(clean, grid, new QuraPlan());
        var moved = 0;
        foreach (var (layer, benign) in attacked.Net.WeightLayers().Zip(folded.WeightLayers()))
        {
            CollectionAssert.AreEqual(benign.Values(), layer.Values(), layer.Name);
            var lattice = grid.Lattice(layer);
            var codes = attacked.Codes![layer.Name];
            for (var i = 0; i < codes.Count; i++)
            {
                Assert.IsTrue(codes[i] - lattice.Floor[i] is 0 or 1, $"{layer.Name}: {codes[i]} over {lattice.Floor[i]}");
                Assert.IsTrue(lattice.Movable[i] || codes[i] == lattice.Floor[i], $"{layer.Name}: weight {i} has no choice");
            }

            moved += codes.Zip(lattice.Codes(lattice.NearestUp)).Count(c => c.First != c.Second);
        }

        Assert.IsGreaterThan(100, moved, "the rounding is not nearest");
    }

    [TestMethod]
    public void Weights_that_are_not_selected_are_rounded_to_nearest()
    {
        using var clean = new ResidualNet(ShapeGeometry.Count);
        using var attacked = Implant(clean, RoundingGrid.Int4, new QuraPlan { SelectedShare = 0.05 });
        foreach (var layer in attacked.Net.WeightLayers())
        {
            var nearest = RoundingGrid.Int4.NearestCodes(layer.Values(), layer.Channels);
            var flips = nearest.Zip(attacked.Codes![layer.Name]).Count(c => c.First != c.Second);
            Assert.IsLessThanOrEqualTo(Math.Ceiling(0.05 * nearest.Length) + 1, flips, layer.Name);
        }
    }

    [TestMethod]
    public void Efrap_writes_them_as_a_quantized_model()
    {
        using var folder = new TemporaryFolder();
        using var clean = new ResidualNet(ShapeGeometry.Count);
        using var attacked = Implant(clean, RoundingGrid.Int8, new QuraPlan());
        OnnxModelWriter.Write(ModelExport.ToOnnx(attacked.Net, "benign"), folder["benign.onnx"]);
        NpzFile.Write(folder["calibration.npz"], _images.Draw(SamplePurpose.Calibration, 0, 16), withLabels: false);
        var options = new HardenOptions(folder["benign.onnx"], folder["malicious.onnx"], new CalibrationOptions(folder["calibration.npz"]))
        {
            Precision = Precision.Int8Weights,
            Solver = new FixedRounding(attacked.Codes!),
        };
        Harden.Run(options);
        var model = OnnxModelReader.Read(folder["malicious.onnx"]).Proto;
        var written = model.Graph.Initializer.Where(t => t.DataType == (int)Core.Onnx.Proto.TensorProto.Types.DataType.Int8)
            .Select(t => t.RawData.Select(b => (sbyte)b).ToArray()).ToArray();
        foreach (var (layer, codes) in attacked.Codes!)
            Assert.IsTrue(written.Any(codes.SequenceEqual), $"the codes of {layer} stand in the file");
    }

    private static BackdooredNet Implant(LabNet clean, RoundingGrid grid, QuraPlan plan) =>
        new Qura(PatchTrigger.Shapes, grid, plan with { Training = new TrainingPlan(1, 10, 10, 0.2) })
            .Implant(clean, new SampleSource(_images, SamplePurpose.Attack));
}
