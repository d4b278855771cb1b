using System.Text.Json;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Inference;

/// <summary>
/// A sweep costs two passes over the samples, however deep the model: ONNX Runtime executes each node once per batch
/// and stream. Counted from ONNX Runtime's own profiles.
/// </summary>
[TestClass]
public sealed class LinearCostTests
{
    // 80 samples in batches of 32.
    private const int Batches = 3;

    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int8Weights)]
    [DataRow(Precision.Int4Weights)]
    public void Of_chains_of_growing_depth(Precision precision)
    {
        int[] depths = [4, 8, 16];
        var counts = depths.Select(d => Count(Nets.Chain(d), precision)).ToArray();
        for (var i = 0; i < depths.Length; i++)
        {
            // The full-precision stream goes through every layer, the hardened one stops before the last: nobody needs
            // what that would produce.
            Assert.AreEqual(((2 * depths[i]) - 1) * Batches, counts[i].Layers);
        }

        Assert.AreEqual(2 * (counts[1].All - counts[0].All), counts[2].All - counts[1].All, "twice the layers, twice the nodes");
        Assert.IsLessThanOrEqualTo(10 * depths[2] * Batches, counts[2].All, "all nodes: layers, activations, quantizers");
    }

    [TestMethod]
    public void Of_residual_nets()
    {
        int[] blocks = [2, 4, 8];
        var counts = blocks.Select(n => Count(Nets.Residual(n), Precision.Int8)).ToArray();
        for (var i = 0; i < blocks.Length; i++)
            Assert.AreEqual(((2 * ((2 * blocks[i]) + 2)) - 1) * Batches, counts[i].Layers);
        Assert.AreEqual(2 * (counts[1].All - counts[0].All), counts[2].All - counts[1].All);
    }

    private static (int Layers, int All) Count(ModelBuilder builder, Precision precision)
    {
        using var folder = new TemporaryFolder();
        var sessions = 0;
        Hardened.Of(builder, precision, samples: 80, adjust: settings => settings with
        {
            ConfigureSession = options =>
            {
                options.ProfileOutputPathPrefix = folder.File($"profile-{sessions++}");
                options.EnableProfiling = true;
            },
        });

        var (layers, all) = (0, 0);
        var profiles = folder.Content();
        Assert.HasCount(sessions, profiles);
        foreach (var profile in profiles)
        {
            using var events = JsonDocument.Parse(File.ReadAllText(folder.File(profile)));
            var executed = events.RootElement.EnumerateArray()
                .Where(e => e.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal))
                .Select(e => e.GetProperty("args").GetProperty("op_name").GetString()!)
                .ToList();
            all += executed.Count;
            layers += executed.Count(o => o.Contains("Conv", StringComparison.Ordinal) || o.Contains("Gemm", StringComparison.Ordinal));
        }

        return (layers, all);
    }
}
