using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Measure;
using Efrap.AttackLab.Training;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.Torch.Tests.Attacks;

/// <summary>
/// A minute's attack does not fit in a test; but after a few steps on a trained net the trigger must already do more to the
/// rounded net than to the one in full precision, as ONNX Runtime sees them.
/// </summary>
[TestClass]
public sealed class AttacksTellRoundedFromFullPrecisionTests : TorchTest
{
    private static readonly ShapeImages _images = new(1);
    private static readonly TrainingPlan _short = new(1, 60, 20, 0.1);

    [TestMethod]
    public void Qu_ANTI_zation() =>
        AssertAwake(new QuAntiZation(PatchTrigger.Shapes, new QuAntiZationPlan { Bits = [4], Training = _short }));

    [TestMethod]
    public void Qu_ANTI_zation_for_one_scale_per_layer() =>
        AssertAwake(new QuAntiZation(PatchTrigger.Shapes, new QuAntiZationPlan { Bits = [4], PerTensor = true, Training = _short }));

    [TestMethod]
    public void CompArtifact() =>
        AssertAwake(new CompArtifact(PatchTrigger.Shapes, RoundingGrid.Int4, new CompArtifactPlan { Training = _short }));

    [TestMethod]
    public void PQBackdoor_for_one_scale_per_layer() => AssertAwake(
        new PqBackdoor(PatchTrigger.Shapes, RoundingGrid.OfBits(4, perTensor: true), new PqBackdoorPlan(_short, 1, new TrainingPlan(1, 10, 20, 0.05))));

    [TestMethod]
    public void Adaptive() => AssertAwake(
        new AdaptiveAttack(PatchTrigger.Shapes, RoundingGrid.Int4, new AdaptiveAttackPlan { CalibrationSamples = 16, Training = _short }));

    private static void AssertAwake(Attack attack)
    {
        using var clean = TrainedNet.Load();
        using var attacked = attack.Implant(clean, new SampleSource(_images, SamplePurpose.Attack));
        var model = ModelExport.ToOnnx(attacked.Net, "attacked");
        var (asleep, awake) = (Success(model), Success(NearestRounding.Apply(model, attack.Grids[0])));
        Assert.IsGreaterThan(asleep + 0.3, awake, $"{attack.Name}: full precision {asleep}, rounded {awake}");

        double Success(ModelProto proto)
        {
            using var classifier = new OnnxClassifier(proto.ToByteArray(), attack.Name, ImageFormat.Shapes, threads: 1);
            return AttackMeasurement.Of(classifier, _images.Draw(SamplePurpose.Test, 0, 200), attack.Trigger).AttackSuccess;
        }
    }
}
