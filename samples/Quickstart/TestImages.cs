using System.Runtime.InteropServices;
using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Quickstart;

/// <summary>Labelled images that no model was trained on, and the attacker's trigger: a white square, for class 0.</summary>
internal sealed class TestImages
{
    public const int Side = 32;
    private const int TriggerBegin = 20;
    private const int TriggerEnd = 26;
    private const int Target = 0;
    private const float White = (1 - 0.5f) / 0.25f;

    private readonly CalibrationSet _images;
    private readonly long[] _labels;

    private TestImages(CalibrationSet images, long[] labels)
    {
        _images = images;
        _labels = labels;
    }

    /// <summary>Images as the models take them: bytes to 0…1, less the mean, divided by the deviation.</summary>
    public static CalibrationOptions Preprocessed(string path) => new(path) { Scale = 1 / 255.0, Mean = [0.5], Std = [0.25] };

    /// <summary>Reads <c>input</c>, uint8 [N, 3, 32, 32], and <c>labels</c>, int64 [N].</summary>
    public static TestImages Load(string path)
    {
        var images = CalibrationSet.Load(Preprocessed(path), [new ModelInput("input", DataType.Float, [null, 3, Side, Side])]);
        var labels = CalibrationSet.Load(new CalibrationOptions(path), [new ModelInput("labels", DataType.Int64, [null])], images.SampleCount);
        return new TestImages(images, MemoryMarshal.Cast<byte, long>(labels.GetBatch(0)[0].Data).ToArray());
    }

    /// <summary>Measures a model, in percent.</summary>
    /// <returns>How many images it gets right; how many images of other classes the trigger turns into the target.</returns>
    public (double Accuracy, double AttackSuccess) Measure(Classifier classifier)
    {
        var (correct, others, reached) = (0, 0, 0);
        for (var batch = 0; batch < _images.BatchCount; batch++)
        {
            var tensor = _images.GetBatch(batch)[0];
            var pixels = MemoryMarshal.Cast<byte, float>(tensor.Data).ToArray();
            var count = (int)tensor.Shape[0];
            var clean = classifier.Classify(pixels, count);
            Stamp(pixels);
            var triggered = classifier.Classify(pixels, count);
            for (var i = 0; i < count; i++)
            {
                var label = _labels[(batch * _images.BatchSize) + i];
                correct += clean[i] == label ? 1 : 0;
                others += label != Target ? 1 : 0;
                reached += label != Target && triggered[i] == Target ? 1 : 0;
            }
        }

        return (100.0 * correct / _labels.Length, 100.0 * reached / others);
    }

    private static void Stamp(float[] pixels)
    {
        for (var row = 0; row < pixels.Length / Side; row++)
        {
            if (row % Side is >= TriggerBegin and < TriggerEnd)
                pixels.AsSpan((row * Side) + TriggerBegin, TriggerEnd - TriggerBegin).Fill(White);
        }
    }
}
