using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Nets;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.AttackLab.Attacks;

/// <summary>What Efrap's own hardening makes of a net: what an attacker who knows it would compute.</summary>
internal static class HardenedCodes
{
    /// <summary>Hardens a net as its user would.</summary>
    /// <param name="net">The net, folded.</param>
    /// <param name="grid">The quantization, of 8 or 4 bits; activations stay float.</param>
    /// <param name="calibration">The samples that activations are measured on.</param>
    /// <param name="budget">ρ, above 0 and at most 1.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The codes of each layer, one output channel after the other.</returns>
    public static IReadOnlyDictionary<string, sbyte[]> Of(
        LabNet net, RoundingGrid grid, LabeledSamples calibration, double budget, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("attacklab-");
        try
        {
            string At(string file) => Path.Combine(folder.FullName, file);
            OnnxModelWriter.Write(ModelExport.ToOnnx(net, "net"), At("net.onnx"), cancellationToken);
            NpzFile.Write(At("calibration.npz"), calibration, withLabels: false, cancellationToken);
            var recording = new Recording();
            var options = new HardenOptions(At("net.onnx"), At("hardened.onnx"), Calibration(At("calibration.npz"), calibration.Format))
            {
                Precision = grid.Bits == 8 ? Precision.Int8Weights : Precision.Int4Weights,
                Granularity = grid.PerTensor ? Granularity.PerTensor : Granularity.PerChannel,
                Solver = recording,
                Budget = budget,
                Threads = 1,
            };
            Harden.Run(options, null, cancellationToken);
            return recording.Codes;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static CalibrationOptions Calibration(string path, SampleFormat format) => format is ImageFormat { Preprocessing: var done }
        ? new CalibrationOptions(path) { Scale = 1 / 255.0, Mean = [.. done.Mean], Std = [.. done.Std] }
        : new CalibrationOptions(path);

    private sealed class Recording : Solver
    {
        public Dictionary<string, sbyte[]> Codes { get; } = [];

        public override string Name => Budget.Name;

        internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options)
        {
            var rounding = Budget.Round(problem, activations, budget, options);
            Codes[activations.Layer.Name] = problem.Lattice.Codes(rounding.Up);
            return rounding;
        }
    }
}
