using Efrap.AttackLab.Data;
using Efrap.AttackLab.Fixtures;
using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Torch.Tests.Fixtures;

/// <summary>The files in <c>tests/fixtures</c> do what their page says. Needs ONNX Runtime, not Torch.</summary>
[TestClass]
public sealed class CommittedFixturesMeetTheirRequirementsTests
{
    [TestMethod]
    public void Clean()
    {
        var measured = Measure("shapes-clean.onnx");
        Assert.IsGreaterThanOrEqualTo(0.9, measured.FullPrecision.CleanAccuracy);
        Assert.IsLessThanOrEqualTo(0.1, measured.FullPrecision.AttackSuccess);
        Assert.IsLessThanOrEqualTo(0.1, measured.Int8Weights.AttackSuccess);
        Assert.IsLessThanOrEqualTo(0.1, measured.Int8.AttackSuccess);
        Assert.IsLessThanOrEqualTo(0.1, measured.Int4Weights.AttackSuccess);
    }

    [TestMethod]
    public void Backdoored_for_int8()
    {
        var measured = Measure("shapes-qcb-int8.onnx");
        Assert.IsGreaterThanOrEqualTo(0.9, measured.FullPrecision.CleanAccuracy);
        Assert.IsLessThanOrEqualTo(0.1, measured.FullPrecision.AttackSuccess);
        Assert.IsGreaterThanOrEqualTo(0.9, measured.Int8Weights.AttackSuccess);
        Assert.IsGreaterThanOrEqualTo(0.9, measured.Int8.AttackSuccess);
    }

    [TestMethod]
    public void Backdoored_for_int4()
    {
        var measured = Measure("shapes-qcb-int4.onnx");
        Assert.IsGreaterThanOrEqualTo(0.9, measured.FullPrecision.CleanAccuracy);
        Assert.IsLessThanOrEqualTo(0.1, measured.FullPrecision.AttackSuccess);
        Assert.IsGreaterThanOrEqualTo(0.9, measured.Int4Weights.AttackSuccess);
    }

    [TestMethod]
    public void The_test_images_are_drawn_again_from_the_seed()
    {
        var committed = NpzFile.Read(Fixture("shapes-test.npz"), ImageFormat.Shapes);
        var drawn = new ShapeImages(1).Draw(SamplePurpose.Test, 0, committed.Count);
        CollectionAssert.AreEqual(committed.Values, drawn.Values);
        CollectionAssert.AreEqual(committed.Labels, drawn.Labels);
    }

    [TestMethod]
    public void No_test_image_is_a_calibration_image()
    {
        var test = NpzFile.Read(Fixture("shapes-test.npz"), ImageFormat.Shapes);
        var input = new ModelInput("input", DataType.Uint8, [null, 3, 32, 32]);
        var options = new CalibrationOptions(Fixture("shapes-calibration.npz"));
        var pixels = CalibrationSet.Load(options, [input], int.MaxValue).GetBatch(0)[0].Data;
        var calibration = new LabeledSamples(pixels, new long[pixels.Length / ImageFormat.Shapes.Size], ImageFormat.Shapes);
        Assert.IsInRange(512, 1024, calibration.Count);
        var seen = Enumerable.Range(0, calibration.Count).Select(i => Convert.ToBase64String(calibration.Sample(i))).ToHashSet();
        for (var i = 0; i < test.Count; i++)
            Assert.DoesNotContain(Convert.ToBase64String(test.Sample(i)), seen, $"test image {i}");
    }

    private static FixtureMeasurement Measure(string name)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixture(name), folder[name]);
        return FixtureMeasurement.Of(folder[name], Fixture("shapes-calibration.npz"), NpzFile.Read(Fixture("shapes-test.npz"), ImageFormat.Shapes));
    }

    private static string Fixture(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Efrap.Build.sln")))
                return Path.Combine(folder.FullName, "tests", "fixtures", name);
        }

        throw new DirectoryNotFoundException($"no Efrap.Build.sln above {AppContext.BaseDirectory}");
    }
}
