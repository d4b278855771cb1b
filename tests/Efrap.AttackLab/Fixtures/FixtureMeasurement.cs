using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Measure;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Google.Protobuf;
using Preprocessing = Efrap.AttackLab.Data.Preprocessing;

namespace Efrap.AttackLab.Fixtures;

/// <summary>What a model's file does in ONNX Runtime, in full precision and rounded to nearest.</summary>
/// <param name="FileName">The file's name.</param>
/// <param name="FullPrecision">As it is.</param>
/// <param name="Int8Weights">All weights rounded to int8 per channel, activations float.</param>
/// <param name="Int4Weights">All weights rounded to int4 per channel, activations float.</param>
/// <param name="Int8">Weights int8 and activations uint8, in ONNX Runtime's integer kernels.</param>
public sealed record FixtureMeasurement(
    string FileName,
    AttackMeasurement FullPrecision,
    AttackMeasurement Int8Weights,
    AttackMeasurement Int4Weights,
    AttackMeasurement Int8)
{
    /// <summary>Measures a file.</summary>
    /// <param name="modelPath">The model.</param>
    /// <param name="calibrationPath">The calibration images, for the range of activations.</param>
    /// <param name="test">The test images.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The measurements.</returns>
    public static FixtureMeasurement Of(
        string modelPath, string calibrationPath, LabeledSamples test, CancellationToken cancellationToken = default)
    {
        var model = OnnxModelReader.Read(modelPath, cancellationToken).Proto;
        return new FixtureMeasurement(
            Path.GetFileName(modelPath),
            Measure(model.ToByteArray()),
            Measure(NearestRounding.Apply(model, RoundingGrid.Int8).ToByteArray()),
            Measure(NearestRounding.Apply(model, RoundingGrid.Int4).ToByteArray()),
            Measure(IntegerModel(modelPath, calibrationPath, cancellationToken)));

        AttackMeasurement Measure(byte[] bytes)
        {
            using var classifier = new OnnxClassifier(bytes, modelPath, test.Format);
            return AttackMeasurement.Of(classifier, test, PatchTrigger.Shapes, cancellationToken);
        }
    }

    private static byte[] IntegerModel(string modelPath, string calibrationPath, CancellationToken cancellationToken)
    {
        var path = Path.ChangeExtension(modelPath, ".nearest-int8.onnx");
        var calibration = new CalibrationOptions(calibrationPath)
        {
            Scale = 1 / 255.0,
            Mean = [.. Preprocessing.Shapes.Mean],
            Std = [.. Preprocessing.Shapes.Std],
        };
        try
        {
            var options = new HardenOptions(modelPath, path, calibration) { Precision = Precision.Int8, Solver = Solver.Nearest };
            Harden.Run(options, null, cancellationToken);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
