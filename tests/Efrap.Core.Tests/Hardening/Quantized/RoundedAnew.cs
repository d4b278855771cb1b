using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Inference;

namespace Efrap.Core.Tests.Hardening.Quantized;

/// <summary>A quantized model that was hardened beside its source, on random samples, from files to a file.</summary>
internal sealed class RoundedAnew
{
    private readonly CalibrationSet _samples;
    private readonly OnnxModel _source;

    private RoundedAnew(OnnxModel source, OnnxModel before, OnnxModel after, HardenReport report, CalibrationSet samples) =>
        (_source, Before, After, Report, _samples) = (source, before, after, report, samples);

    /// <summary>The quantized model as it came.</summary>
    public OnnxModel Before { get; }

    /// <summary>The hardened model.</summary>
    public OnnxModel After { get; }

    /// <summary>The report.</summary>
    public HardenReport Report { get; }

    /// <summary>Hardens a model.</summary>
    public static RoundedAnew Of(ModelProto source, ModelProto quantized, Solver? solver = null, int samples = 80)
    {
        using var folder = new TemporaryFolder();
        var (sourcePath, quantizedPath, output) = (folder.File("source.onnx"), folder.File("quantized.onnx"), folder.File("hardened.onnx"));
        OnnxModelWriter.Write(source, sourcePath);
        OnnxModelWriter.Write(quantized, quantizedPath);
        var before = OnnxModelReader.Read(quantizedPath);
        var calibration = Samples.Write(folder, new ModelGraph(before), samples);
        var report = Harden.Run(
            new HardenOptions(quantizedPath, output, calibration) { SourcePath = sourcePath, Solver = solver ?? Solver.Budget, Threads = 2 });
        return new RoundedAnew(
            OnnxModelReader.Read(sourcePath),
            before,
            OnnxModelReader.Read(output),
            report,
            CalibrationSet.Load(calibration, ModelInputs.Of(new ModelGraph(before)), CancellationToken.None));
    }

    /// <summary>The weights of the file now, beside their source's.</summary>
    public IReadOnlyList<SourceMatch> Matches() => SourceModel.Match(_source, After).Matches.Matches;

    /// <summary>The mean squared error of the model's first output, summed over the last axis or over channels, over all samples.</summary>
    /// <param name="channels">The number of channels.</param>
    public double OutputError(int channels)
    {
        var (sum, positions) = (0.0, 0L);
        using var expected = OrtSessions.Create(_source.Proto, "source.onnx");

        // By itself, ONNX Runtime rounds what a MatMul behind int8 weights reads to 8 bits, too, which no layer's error accounts for.
        using var actual = OrtSessions.Create(
            After.Proto, "hardened.onnx", options => options.AddSessionConfigEntry("session.qdq_matmulnbits_accuracy_level", "1"));
        for (var batch = 0; batch < _samples.BatchCount; batch++)
        {
            using var input = OrtTensors.Of(_samples.GetBatch(batch).Single());
            var (a, b) = (OrtRun.Run(expected, [input])[0].Singles, OrtRun.Run(actual, [input])[0].Singles);
            Assert.HasCount(a.Length, b);
            sum += a.Zip(b, (x, y) => Math.Pow(x - y, 2)).Sum();
            positions += a.Length / channels;
        }

        return sum / positions;
    }
}
