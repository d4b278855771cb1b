using System.Runtime.InteropServices;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Torch.Graph;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Efrap.Torch.Tests.Graph;

/// <summary>What ONNX Runtime computes, on the same tensors as <see cref="OnnxModule"/>.</summary>
internal static class OrtReference
{
    /// <summary>The largest difference from ONNX Runtime that counts as none, as a share of the outputs' scale.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Runs a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="level">How ONNX Runtime rewrites the model before.</param>
    /// <returns>The outputs, halves as floats.</returns>
    public static IReadOnlyDictionary<string, Tensor> Run(
        ModelProto model,
        IReadOnlyDictionary<string, Tensor> inputs,
        GraphOptimizationLevel level = GraphOptimizationLevel.ORT_ENABLE_ALL)
    {
        using var session = OrtSessions.Create(model, "model.onnx", options => options.GraphOptimizationLevel = level);
        var values = inputs.ToDictionary(i => i.Key, i => ToOrt(i.Value));
        using var run = new RunOptions();
        using var outputs = session.Run(run, values, session.OutputNames);
        foreach (var value in values.Values)
            value.Dispose();
        return session.OutputNames.Zip(outputs).ToDictionary(o => o.First, o => FromOrt(o.Second));
    }

    /// <summary>The difference between two tensors as a share of the first one's scale: max|a − b| / max(1, max|a|).</summary>
    public static double Difference(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.AreEqual(expected.dtype, actual.dtype);
        if (expected.numel() == 0)
            return 0;
        using var scope = torch.NewDisposeScope();
        var (a, b) = (expected.to_type(torch.ScalarType.Float64), actual.detach().to_type(torch.ScalarType.Float64));
        var difference = a.sub(b).abs().max().item<double>() / Math.Max(1, a.abs().max().item<double>());
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    /// <summary>Compares a model with ONNX Runtime on every output.</summary>
    /// <returns>The largest difference.</returns>
    public static double Difference(
        ModelProto model,
        IReadOnlyDictionary<string, Tensor> inputs,
        GraphOptimizationLevel level = GraphOptimizationLevel.ORT_ENABLE_ALL)
    {
        using var scope = torch.NewDisposeScope();
        using var module = OnnxModule.Of(new OnnxModel(model, "model.onnx"));
        var expected = Run(model, inputs, level);
        var actual = module.Forward(inputs);
        return expected.Max(e => Difference(e.Value, actual[e.Key]));
    }

    /// <summary>Asserts that a model computes what ONNX Runtime computes.</summary>
    public static void AssertAgrees(ModelProto model, params (string Name, Tensor Value)[] inputs) =>
        Assert.IsLessThanOrEqualTo(Tolerance, Difference(model, inputs.ToDictionary(i => i.Name, i => i.Value)));

    private static OrtValue ToOrt(Tensor tensor)
    {
        using var values = tensor.detach().contiguous();
        return tensor.dtype switch
        {
            torch.ScalarType.Float32 => Make(values.numel() == 0 ? [] : values.data<float>().ToArray(), tensor.shape),
            torch.ScalarType.Float64 => Make(values.data<double>().ToArray(), tensor.shape),
            torch.ScalarType.Int64 => Make(values.data<long>().ToArray(), tensor.shape),
            torch.ScalarType.Int32 => Make(values.data<int>().ToArray(), tensor.shape),
            torch.ScalarType.Byte => Make(values.data<byte>().ToArray(), tensor.shape),
            torch.ScalarType.Bool => Make(values.data<bool>().ToArray(), tensor.shape),
            torch.ScalarType.Float16 => Make(MemoryMarshal.Cast<byte, Float16>(values.bytes).ToArray(), tensor.shape),
            var type => throw new ArgumentException($"no input of {type}", nameof(tensor)),
        };
    }

    private static OrtValue Make<T>(T[] values, long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(values, shape);

    private static Tensor FromOrt(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return info.ElementDataType switch
        {
            TensorElementType.Float => torch.tensor(value.GetTensorDataAsSpan<float>().ToArray()),
            TensorElementType.Double => torch.tensor(value.GetTensorDataAsSpan<double>().ToArray()),
            TensorElementType.Int64 => torch.tensor(value.GetTensorDataAsSpan<long>().ToArray()),
            TensorElementType.Int32 => torch.tensor(value.GetTensorDataAsSpan<int>().ToArray()),
            TensorElementType.UInt8 => torch.tensor(value.GetTensorDataAsSpan<byte>().ToArray()),
            TensorElementType.Int8 => torch.tensor(value.GetTensorDataAsSpan<sbyte>().ToArray()),
            TensorElementType.Bool => torch.tensor(value.GetTensorDataAsSpan<bool>().ToArray()),
            TensorElementType.Float16 => torch.tensor(Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), v => (float)v)),
            var type => throw new ArgumentException($"no output of {type}", nameof(value)),
        }
        is { } flat ? flat.reshape(info.Shape) : throw new InvalidOperationException();
    }
}
