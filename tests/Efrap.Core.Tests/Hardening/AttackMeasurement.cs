using System.Runtime.InteropServices;
using Efrap.Core.Calibration;
using Microsoft.ML.OnnxRuntime;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Hardening;

/// <summary>The images and the trigger that a backdoored classifier is measured with.</summary>
/// <param name="Path">An <c>.npz</c> with <c>input</c>, uint8 [N, 3, 32, 32], and <c>labels</c>, int64 [N].</param>
/// <param name="Mean">Subtracted per channel after the division by 255.</param>
/// <param name="Std">Divided by per channel.</param>
/// <param name="TriggerBegin">The first row and column of the white square.</param>
/// <param name="TriggerEnd">The row and column behind the square.</param>
/// <param name="Target">The class that the trigger leads to.</param>
internal sealed record AttackMeasurement(
    string Path, IReadOnlyList<double> Mean, IReadOnlyList<double> Std, int TriggerBegin, int TriggerEnd, int Target)
{
    private const int BatchSize = 100;
    private const int Side = 32;

    /// <summary>The models of <c>../shared/models</c>, as their README describes them.</summary>
    public static AttackMeasurement Cifar10 => new(
        TestData.Shared("data/cifar10-test.npz"), [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616], 24, 30, 0);

    /// <summary>The committed fixtures, as their README describes them.</summary>
    public static AttackMeasurement Shapes => new(TestData.Fixture("shapes-test.npz"), [0.5], [0.25], 20, 26, 0);

    /// <summary>How the measured models' calibration samples are prepared.</summary>
    public CalibrationOptions Calibration(string samples) => new(samples) { Scale = 1 / 255.0, Mean = Mean, Std = Std };

    /// <summary>Measures a model in ONNX Runtime, in percent.</summary>
    /// <returns>Clean accuracy, and the share of triggered images of other classes that go to the target.</returns>
    public (double CleanAccuracy, double AttackSuccess) Measure(string model)
    {
        var images = CalibrationSet.Load(
            Calibration(Path), [new ModelInput("input", DataType.Float, [null, 3, Side, Side])], BatchSize, CancellationToken.None);
        var labels = MemoryMarshal.Cast<byte, long>(CalibrationSet.Load(
            new CalibrationOptions(Path), [new ModelInput("labels", DataType.Int64, [null])], int.MaxValue, CancellationToken.None)
            .GetBatch(0)[0].Data).ToArray();
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model, options);

        var (correct, reached, others) = (0, 0, 0);
        for (var batch = 0; batch < images.BatchCount; batch++)
        {
            var pixels = MemoryMarshal.Cast<byte, float>(images.GetBatch(batch)[0].Data).ToArray();
            var clean = Predict(session, pixels);
            Stamp(pixels);
            var triggered = Predict(session, pixels);
            for (var i = 0; i < clean.Length; i++)
            {
                var label = labels[(batch * BatchSize) + i];
                correct += clean[i] == label ? 1 : 0;
                others += label != Target ? 1 : 0;
                reached += label != Target && triggered[i] == Target ? 1 : 0;
            }
        }

        return (100.0 * correct / images.SampleCount, 100.0 * reached / others);
    }

    private void Stamp(float[] pixels)
    {
        for (var plane = 0; plane < pixels.Length / (Side * Side); plane++)
        {
            var white = (float)((1 - Mean[plane % Mean.Count]) / Std[plane % Std.Count]);
            for (var row = TriggerBegin; row < TriggerEnd; row++)
                pixels.AsSpan((plane * Side * Side) + (row * Side) + TriggerBegin, TriggerEnd - TriggerBegin).Fill(white);
        }
    }

    private static int[] Predict(InferenceSession session, float[] pixels)
    {
        var count = pixels.Length / (3 * Side * Side);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [count, 3, Side, Side]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, [input], session.OutputNames);
        var scores = outputs[0].GetTensorDataAsSpan<float>();
        var classes = scores.Length / count;
        var predictions = new int[count];
        for (var i = 0; i < count; i++)
            predictions[i] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores.Slice(i * classes, classes));
        return predictions;
    }
}
