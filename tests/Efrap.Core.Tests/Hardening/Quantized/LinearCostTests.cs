using System.Text.Json;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Rounding.Rerounding;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Hardening.Quantized;

/// <summary>A sweep over a quantized model costs two passes over the samples, however deep it is, and as little memory as it is given.</summary>
[TestClass]
public sealed class LinearCostTests
{
    // 80 samples in batches of 32.
    private const int Batches = 3;

    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int8Weights)]
    public void Of_chains_of_growing_depth(Precision precision)
    {
        foreach (var depth in (int[])[4, 8, 16])
        {
            using var folder = new TemporaryFolder();
            var sessions = 0;
            var net = Nets.Chain(depth);
            Sweep(net.Build(), Hardened.Of(net, precision, Solver.Nearest).Model, settings => settings with
            {
                ConfigureSession = options =>
                {
                    options.ProfileOutputPathPrefix = folder.File($"profile-{sessions++}");
                    options.EnableProfiling = true;
                },
            });

            // The hardened stream stops before the last layer.
            Assert.AreEqual(((2 * depth) - 1) * Batches, folder.Content().Sum(file => Layers(folder.File(file))));
        }
    }

    [TestMethod]
    public void With_activations_in_files()
    {
        var (source, quantized) = (IntegerNet.Source().Build(), IntegerNet.AtRunTime().Build());
        var expected = Sweep(source, quantized, settings => settings);
        var actual = Sweep(source, quantized, settings => settings with { ActivationMemory = 1000 });
        Assert.HasCount(3, actual);
        foreach (var (a, b) in expected.Zip(actual))
            CollectionAssert.AreEqual(a.Codes, b.Codes);
    }

    private static IReadOnlyList<(QuantizedTensor Tensor, sbyte[] Codes)> Sweep(
        ModelProto source, ModelProto quantized, Func<ReroundingSettings, ReroundingSettings> adjust)
    {
        var model = new OnnxModel(quantized, "quantized.onnx");
        var matched = SourceModel.Match(new OnnxModel(source, "source.onnx"), model);
        var observed = ObservedModel.Of(model, matched.Matches);
        Assert.IsEmpty(observed.Left);
        using var sweep = new ReroundingSweep(
            matched.Graph, observed, Samples.For(observed.Graph, 80), adjust(new ReroundingSettings(Solver.Budget, Budget: 0.5, Threads: 2)));
        return sweep.Run((_, _, _, _) => { }, CancellationToken.None);
    }

    private static int Layers(string profile)
    {
        using var events = JsonDocument.Parse(File.ReadAllText(profile));
        return events.RootElement.EnumerateArray()
            .Where(e => e.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal))
            .Count(e => e.GetProperty("args").GetProperty("op_name").GetString()!.Contains("Conv", StringComparison.Ordinal));
    }
}
