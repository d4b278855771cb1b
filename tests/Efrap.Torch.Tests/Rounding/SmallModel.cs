using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Tests.Onnx;
using Google.Protobuf;

namespace Efrap.Torch.Tests.Rounding;

/// <summary>A model of a test's own, with samples.</summary>
internal static class SmallModel
{
    /// <summary>Writes a model with one input, <c>input</c>, and random samples for it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="samples">The samples' shape, their number first.</param>
    /// <returns>How to harden it.</returns>
    public static HardenOptions Write(ModelBuilder model, TemporaryFolder folder, long[] samples)
    {
        OnnxModelWriter.Write(model.Build(), folder["model.onnx"]);
        Directory.CreateDirectory(folder["calibration"]);
        using (var file = File.Create(folder["calibration/input_0.pb"]))
            TensorValues.FromSingles("input", samples, model.Normal(samples.Aggregate(1L, (a, b) => a * b), 1)).WriteTo(file);
        return new HardenOptions(folder["model.onnx"], folder["out.onnx"], new CalibrationOptions(folder["calibration"]));
    }
}
