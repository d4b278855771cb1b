using System.Runtime.InteropServices;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests;
using Efrap.Torch.Graph;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Tests.Graph;

[TestClass]
public sealed class ModelsAgreeWithOnnxRuntimeTests : TorchTest
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("shapes-clean.onnx")]
    [DataRow("shapes-qcb-int4.onnx")]
    [DataRow("shapes-qcb-int8.onnx")]
    public void Fixtures(string name) => AssertAgrees(OnnxModelReader.Read(TestData.Fixture(name)));

    [TestMethod]
    [DataRow("corpus/mnist-8.onnx")]
    [DataRow("corpus/super-resolution-10.onnx")]
    [DataRow("corpus/ultraface-rfb-320.onnx")]
    [DataRow("corpus/fastestdet.onnx")]
    [DataRow("corpus/squeezenet-fp16.onnx")]
    [DataRow("corpus/magika-v3_3.onnx")]
    [DataRow("models/cifar10-resnet8-clean.onnx")]
    [DataRow("models/cifar10-resnet8-pq-int4.nearest-int4.onnx")]
    [DataRow("models/cifar10-resnet8-clean.ort-qdq.onnx")]
    [DataRow("models/cifar10-resnet8-pq-int8.ort-qdq.onnx")]
    public void Real_models(string name)
    {
        var model = OnnxModelReader.Read(TestData.Shared(name));
        using var scope = torch.NewDisposeScope();
        var inputs = ModelInputs.Of(new ModelGraph(model)).ToDictionary(i => i.Name, Draw);
        var difference = OrtReference.Difference(model.Proto, inputs);
        TestContext.WriteLine($"{name}: {difference:G3}");
        Assert.IsLessThanOrEqualTo(OrtReference.Tolerance, difference);
    }

    [TestMethod]
    [DataRow(Precision.Int8Weights)]
    [DataRow(Precision.Int4Weights)]
    public void Hardened_and_nearest_rounded_models(Precision precision)
    {
        foreach (var solver in Solver.All)
            AssertAgrees(Quantized(precision, solver));
    }

    // Where a sum lies on the border between two codes, the order of its terms decides: that may happen to a sample here and there.
    [TestMethod]
    [DataRow(GraphOptimizationLevel.ORT_ENABLE_ALL)]
    [DataRow(GraphOptimizationLevel.ORT_DISABLE_ALL)]
    public void Models_with_quantized_activations(GraphOptimizationLevel level)
    {
        foreach (var solver in Solver.All)
        {
            using var scope = torch.NewDisposeScope();
            var model = Quantized(Precision.Int8, solver);
            var inputs = Samples(model);
            using var module = OnnxModule.Of(model);
            var expected = OrtReference.Run(model.Proto, inputs, level).Values.Single();
            var actual = module.Forward(inputs).Values.Single();
            var differences = Enumerable.Range(0, (int)expected.shape[0]).Select(i => OrtReference.Difference(expected[i], actual[i])).Order().ToList();
            TestContext.WriteLine($"{solver.Name}: median {differences[differences.Count / 2]:G3}, largest {differences[^1]:G3}");
            Assert.IsLessThanOrEqualTo(OrtReference.Tolerance, differences[differences.Count * 15 / 16]);
        }
    }

    private void AssertAgrees(OnnxModel model)
    {
        using var scope = torch.NewDisposeScope();
        var difference = OrtReference.Difference(model.Proto, Samples(model));
        TestContext.WriteLine($"{Path.GetFileName(model.Path)}: {difference:G3}");
        Assert.IsLessThanOrEqualTo(OrtReference.Tolerance, difference);
    }

    private static Dictionary<string, Tensor> Samples(OnnxModel model)
    {
        var set = CalibrationSet.Load(Calibration, ModelInputs.Of(new ModelGraph(model)));
        return set.GetBatch(0).ToDictionary(
            t => t.Name, t => torch.tensor(MemoryMarshal.Cast<byte, float>(t.Data).ToArray()).reshape([.. t.Shape]));
    }

    private static CalibrationOptions Calibration =>
        new(TestData.Fixture("shapes-calibration.npz")) { Scale = 1 / 255.0, Mean = [0.5], Std = [0.25], Samples = 64 };

    private OnnxModel Quantized(Precision precision, Solver solver)
    {
        using var folder = new TemporaryFolder();
        var output = folder[$"{precision}-{solver.Name}.onnx"];
        Harden.Run(
            new HardenOptions(TestData.Fixture("shapes-qcb-int8.onnx"), output, Calibration) { Precision = precision, Solver = solver, Threads = 2 },
            cancellationToken: TestContext.CancellationToken);
        return OnnxModelReader.Read(output);
    }

    private static Tensor Draw(ModelInput input)
    {
        long[] shape = [.. input.Shape!.Select(d => d ?? 2)];
        return input.ElementType switch
        {
            DataType.Int32 => torch.randint(0, 256, shape, torch.ScalarType.Int32),
            DataType.Float16 => torch.rand(shape).to_type(torch.ScalarType.Float16),
            _ => torch.rand(shape),
        };
    }
}
