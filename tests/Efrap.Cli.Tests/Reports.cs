using Efrap.Core;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;
using Efrap.Core.Quantization;
using Efrap.Core.Release;
using Efrap.Core.Verification;

namespace Efrap.Cli.Tests;

/// <summary>Reports with known content.</summary>
internal static class Reports
{
    /// <summary>Two layers within budget, one node skipped, one note.</summary>
    public static HardenReport TwoLayers { get; } = new()
    {
        EngineVersion = "0.1.0",
        Model = "model.onnx",
        ModelSha256 = new string('a', 64),
        Output = "out.onnx",
        OutputSha256 = new string('b', 64),
        Precision = "int8",
        Solver = "budget",
        Budget = 0.5,
        Calibration = "samples.npz",
        CalibrationSha256 = new string('c', 64),
        Samples = 1024,
        Layers =
        [
            new LayerReport("conv1", "Conv", 16, 27, 1, 0.25, 2.0, 1.0, 0.1, BudgetMet: true),
            new LayerReport("fc", "Gemm", 10, 64, 1, 0.125, 4.0, 1.5, 0.2, BudgetMet: true),
        ],
        Skipped = [new SkippedNode("lstm", "LSTM", "recurrent operators stay float")],
        Notes = ["BatchNormalization 'bn' was folded into 'conv1'."],
    };

    /// <summary>The same, with the second layer above the budget.</summary>
    public static HardenReport BudgetMissed { get; } = TwoLayers with
    {
        Layers = [TwoLayers.Layers[0], TwoLayers.Layers[1] with { ActivationError = 3.0, BudgetMet = false }],
    };

    /// <summary>The same layers of a quantized model beside its source, one of which had integers off its lattice.</summary>
    public static HardenReport RoundedAnew { get; } = TwoLayers with
    {
        Source = "source.onnx",
        SourceSha256 = new string('d', 64),
        Precision = "as-quantized",
        Layers =
        [
            TwoLayers.Layers[0] with { Found = new FoundRounding(1, 0, 0.25, "names") },
            TwoLayers.Layers[1] with { Found = new FoundRounding(0.875, 3, 0.5, "position") },
        ],
        Skipped = [new SkippedNode("head", "MatMul", "no weight of the source has its shape and values like it")],
        Notes = [],
    };

    /// <summary>An audit in which one indicator found nothing on one lattice.</summary>
    public static AuditReport Audit { get; } = new()
    {
        EngineVersion = "0.1.0",
        Model = "model.onnx",
        ModelSha256 = new string('a', 64),
        ModelIdentity = new string('a', 64),
        Samples = 0,
        Placebos = 19,
        Seed = 1,
        Policy = new PolicyRecord(new string('b', 64), new AuditPolicy()),
        Verdict = Verdict.Pass,
        Findings = [],
        Indicators = [new IndicatorResult("lattice-residual", "int8-per-channel", Verdict.Pass) { Statistic = 0.02, Advice = "Nothing to do." }],
        Limits = AuditReport.WhatAnAuditCannotSee,
    };

    /// <summary>A verification of a model with one weight off the lattice.</summary>
    public static VerifyReport Verification { get; } = new()
    {
        EngineVersion = "0.1.0",
        Model = "model.int8.onnx",
        ModelSha256 = new string('a', 64),
        Source = "model.onnx",
        SourceSha256 = new string('b', 64),
        CalibrationSha256 = new string('c', 64),
        Samples = 256,
        Budget = 0.5,
        Policy = new PolicyRecord(new string('d', 64), new AuditPolicy()),
        Verdict = RoundingKind.Unexplained,
        Accepted = false,
        Tensors =
        [
            new VerifiedTensor("w1", "conv1", "Conv", "dequantize-linear", 8, 432, 16, 0.05, RoundingKind.Efrap, "flips guided by truncation errors")
            {
                Integers = new VerifiedIntegers("names", 0.25, 0, 0.98, 0, null, 90, 10),
                Activations = new VerifiedActivations(0.5, 0.49, 0.49, 0.2, 0.625, 0.8, 0.8, 0.3, 0),
            },
            new VerifiedTensor("w2", "fc", "Gemm", "dequantize-linear", 8, 640, 10, 0, RoundingKind.Unexplained, "1 of 640 integers off the lattice")
            {
                Integers = new VerifiedIntegers("names", 0.001, 1, 1.4, 0, null, 90, 10),
            },
        ],
        Unverified = [new SkippedNode("lstm", "LSTM", "its weights are not read")],
        Notes = ["a note"],
    };

    /// <summary>An inspection of the model of <see cref="TwoLayers"/>.</summary>
    public static InspectReport Inspection { get; } = new()
    {
        Model = "model.onnx",
        Sha256 = new string('a', 64),
        Bytes = 12345,
        IrVersion = 8,
        Producer = "trainer 1.0",
        OperatorSets = new Dictionary<string, long> { ["ai.onnx"] = 13, ["com.microsoft"] = 1 },
        Inputs = [new ValueDescription("image", "float[batch,3,32,32]")],
        Outputs = [new ValueDescription("logits", "float[batch,10]")],
        Operators = new Dictionary<string, int> { ["Conv"] = 1, ["Gemm"] = 1, ["Relu"] = 3 },
        Parameters = 1072,
        FoldedNormalizations = 1,
        Quantized = false,
        Layers = [new LayerDescription("conv1", "Conv", 16, 27, 1), new LayerDescription("fc", "Gemm", 10, 64, 1)],
        Skipped = [new SkippedNode("lstm", "LSTM", "recurrent operators stay float")],
    };

    /// <summary>A release with a model that passes and one that does not.</summary>
    public static ReleaseReport Release { get; } = new()
    {
        EngineVersion = "0.1.0",
        Release = "publish",
        Kind = "folder",
        Manifest = new ReleaseManifestRecord("efrap.manifest.json", new string('a', 64), ManifestOrigin.Inside, "0.1.0"),
        Verdict = ReleaseVerdict.Fail,
        Models =
        [
            new ReleasedModel("App.dll!App.Models.a.onnx", new string('b', 64), ReleaseOutcome.AsShipped)
            {
                Model = "Models/a.onnx", Action = ManifestAction.Harden, Rounding = ManifestRounding.Efrap, Audit = Verdict.Warn, Passes = true,
            },
            new ReleasedModel("b.onnx", new string('c', 64), ReleaseOutcome.NotInManifest) { Passes = false },
        ],
        NotHere = ["Models/c.onnx"],
        NotChecked = [new UncheckedFile("d.ort", "is not checked")],
        Problems = [new ReleaseProblem(EfrapCode.ReleaseMismatch, "b.onnx", "is not in the manifest.")],
        Notes = ["a note"],
    };
}
