using System.Runtime.InteropServices;
using Efrap.Core.Inference;
using Efrap.Core.Onnx.Proto;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Tests.Inference;

/// <summary>A tensor of any element type, row by row.</summary>
/// <param name="Shape">The size of each axis.</param>
/// <param name="Data">The values' bytes, little endian.</param>
internal sealed record Tensor(long[] Shape, byte[] Data)
{
    /// <summary>The values as floats, which they must be.</summary>
    public float[] Singles => MemoryMarshal.Cast<byte, float>(Data).ToArray();

    /// <summary>Makes a tensor.</summary>
    public static Tensor Of<T>(T[] values, params long[] shape)
        where T : unmanaged => new(shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}

/// <summary>Runs models in ONNX Runtime.</summary>
internal static class OrtRun
{
    /// <summary>Runs a model of one input and returns its first output.</summary>
    public static Tensor Single<T>(ModelProto model, T[] input, params long[] shape)
        where T : unmanaged
    {
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var session = OrtSessions.Create(model, "model.onnx");
        return Run(session, [value])[0];
    }

    /// <summary>Runs a session on its inputs in order and returns all outputs in order.</summary>
    public static Tensor[] Run(InferenceSession session, IReadOnlyCollection<OrtValue> inputs)
    {
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, inputs, session.OutputNames);
        return [.. outputs.Select(o => new Tensor(o.GetTensorTypeAndShape().Shape, o.GetTensorMutableRawData().ToArray()))];
    }
}
