using System.IO.Compression;
using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class RealCalibrationTests : CalibrationTest
{
    private static readonly double[] Mean = [0.4914, 0.4822, 0.4465];
    private static readonly double[] Std = [0.2470, 0.2435, 0.2616];

    [TestMethod]
    [DataRow("data/cifar10-calibration.npz", 1024)]
    [DataRow("data/cifar10-test.npz", 2000)]
    public void CIFAR_images_are_read_and_normalized(string name, int samples)
    {
        var path = TestData.Shared(name);
        var options = new CalibrationOptions(path) { Scale = 1 / 255.0, Mean = Mean, Std = Std };
        var set = CalibrationSet.Load(options, [Input("input", DataType.Float, null, 3, 32, 32)]);
        Assert.AreEqual(samples, set.SampleCount);

        using var archive = ZipFile.OpenRead(path);
        using var entry = archive.GetEntry("input.npy")!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        var pixels = bytes.ToArray().AsSpan((int)bytes.Length - (samples * 3072));
        for (var batch = 0; batch < set.BatchCount; batch++)
        {
            var values = Floats(set.GetBatch(batch)[0]);
            for (var i = 0; i < values.Length; i++)
            {
                var channel = i / 1024 % 3;
                var expected = ((pixels[(batch * 32 * 3072) + i] * (1 / 255.0)) - Mean[channel]) / Std[channel];
                Assert.AreEqual((float)expected, values[i]);
            }
        }
    }

    [TestMethod]
    [DataRow("mnist-8", 3)]
    [DataRow("super-resolution-10", 1)]
    public void The_test_data_of_ONNX_models_is_read(string name, int samples)
    {
        var folder = TestData.Shared($"corpus/{name}");
        var graph = OnnxModelReader.Read(TestData.Shared($"corpus/{name}.onnx")).Proto.Graph;
        var constants = graph.Initializer.Select(i => i.Name).ToHashSet();
        var inputs = graph.Input.Where(i => !constants.Contains(i.Name)).Select(Describe).ToArray();
        var set = CalibrationSet.Load(new CalibrationOptions(folder), inputs);
        Assert.AreEqual(samples, set.SampleCount);
        var expected = Directory.GetFiles(folder, "input_0.pb", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(f => TensorValues.ToSingles(TensorProto.Parser.ParseFrom(File.ReadAllBytes(f)))).ToArray();
        CollectionAssert.AreEqual(expected, Enumerable.Range(0, set.BatchCount).SelectMany(i => Floats(set.GetBatch(i)[0])).ToArray());
    }

    private static ModelInput Describe(ValueInfoProto value) => new(
        value.Name,
        (DataType)value.Type.TensorType.ElemType,
        [.. value.Type.TensorType.Shape.Dim.Select(d => d.HasDimValue ? d.DimValue : (long?)null)]);
}
