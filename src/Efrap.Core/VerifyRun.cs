using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Onnx;
using Efrap.Core.Policies;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Verification;

namespace Efrap.Core;

/// <summary>A verification on its way: what has been found so far.</summary>
/// <param name="model">The quantized model.</param>
/// <param name="options">What is asked for.</param>
internal sealed class VerifyRun(OnnxModel model, VerifyOptions options)
{
    private readonly ModelGraph _graph = new(model);
    private readonly Dictionary<string, VerifiedTensor> _measured = [];
    private readonly List<VerifiedTensor> _tensors = [];
    private readonly List<SkippedNode> _unverified = [];
    private readonly List<string> _notes = [];

    /// <summary>The source, once it is matched.</summary>
    internal SourceModel? Source { get; set; }

    /// <summary>The calibration data, once it is read.</summary>
    internal CalibrationSet? Samples { get; set; }

    /// <summary>What hardening stated of the model; null without.</summary>
    internal Attestation? Attestation { get; init; }

    /// <summary>Hardening done again; null where that was not asked for.</summary>
    internal Replay? Replay { get; set; }

    /// <summary>ρ.</summary>
    internal double Budget { get; } = options.Budget ?? HardenOptions.DefaultBudget;

    /// <summary>Says what the file itself shows.</summary>
    /// <param name="weights">Its quantized weights.</param>
    internal void DescribeFile(QuantizedModelWeights weights)
    {
        foreach (var tensor in weights.Tensors)
        {
            var found = new RoundingFinding(RoundingKind.Unknown, "a file without its source does not show how it was rounded");
            _tensors.Add(Describe(tensor, Attested(tensor, found, null, null)));
        }

        _unverified.AddRange(weights.Unread);
        _notes.Add(Attestation is null
            ? "no source was given: what rounding is in this file cannot be told from the file alone (--source)."
            : "no source was given: this rests on the attestation alone, which is worth as much as its signature (docs/verify.md).");
    }

    /// <summary>Judges a weight by what data shows.</summary>
    /// <param name="match">The weight and its source.</param>
    /// <param name="problem">Its problem, behind the prefix that the file delivers.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    internal void JudgeByData(SourceMatch match, LayerProblem problem, ParallelOptions parallel)
    {
        var codes = match.Tensor.SignedRows();
        // What lies off the lattice is none of the roundings that data could tell apart.
        if (CodeCounts.Of(problem.Lattice, codes).OffLattice == 0)
        {
            _measured[match.Tensor.CodesName] =
                Judge(match, problem.Lattice, codes, RoundingMeasurement.Of(problem, codes, Budget, parallel));
        }
    }

    /// <summary>Takes note of weights that data said nothing about.</summary>
    internal void NotMeasured(
        IReadOnlyList<SkippedNode> left, IReadOnlyList<(QuantizableLayer Layer, long Positions)> poorlySampled, int layers)
    {
        _unverified.AddRange(left);
        if (Harden.PoorlySampled(poorlySampled, layers) is { } note)
            _notes.Add(note);
    }

    /// <summary>Judges the weights that data said nothing about by themselves, and puts all in order.</summary>
    /// <param name="matches">The weights and their sources.</param>
    internal void JudgeByWeights(SourceMatches matches)
    {
        foreach (var match in matches.Matches)
        {
            _tensors.Add(_measured.TryGetValue(match.Tensor.CodesName, out var measured)
                ? measured
                : Judge(match, match.Tensor.LatticeOf(match.Layer.Weights), match.Tensor.SignedRows(), null));
        }

        if (options.Calibration is null)
        {
            _unverified.AddRange(matches.Unmatched);
            _notes.Add(Attestation is null
                ? "no calibration data was given: only what the weights show could be told; EFRAP rounding cannot (--calibration)."
                : "no calibration data was given: what the weights do not show rests on the attestation, which is worth as much as its signature.");
        }

        if (Replay is { } replay && replay.Sha256 != model.Sha256)
            _notes.Add("replaying does not give this very file: beside the integers told of above, scales of activations or something else in it differs.");
    }

    /// <summary>The report.</summary>
    internal VerifyReport Report() => new()
    {
        EngineVersion = EngineVersion.Text,
        Model = Path.GetFileName(options.ModelPath),
        ModelSha256 = model.Sha256,
        ExternalData = model.ExternalFiles,
        Source = Path.GetFileName(options.SourcePath),
        SourceSha256 = Source?.Graph.Model.Sha256,
        SourceExternalData = Source?.Graph.Model.ExternalFiles,
        CalibrationSha256 = Samples?.Sha256,
        Samples = Samples?.SampleCount ?? 0,
        Budget = Budget,
        Attestation = Attestation is { } attestation
            ? new VerifiedAttestation(Path.GetFileName(options.AttestationPath!), attestation.Sha256, attestation.Predicate.Settings.Solver, Replay?.Sha256)
            : null,
        Policy = PolicyRecord.Of(options.Policy, options.PolicyFile),
        Verdict = Verdict,
        Accepted = Roundings.All(IsAccepted),
        Tensors = _tensors,
        Unverified = _unverified,
        Notes = [.. Samples?.Notes ?? [], .. _notes],
    };

    private RoundingKind Verdict => Roundings.Max();

    private IEnumerable<RoundingKind> Roundings =>
        _tensors.Select(t => t.Rounding).Concat(_unverified.Select(_ => RoundingKind.Unknown)).DefaultIfEmpty(RoundingKind.Unknown);

    private bool IsAccepted(RoundingKind kind) => kind switch
    {
        RoundingKind.Efrap => true,
        RoundingKind.Nearest => Allows(AllowedRounding.Nearest),
        RoundingKind.OtherKnown => Allows(AllowedRounding.OtherKnown),
        RoundingKind.Unknown => Allows(AllowedRounding.Unknown),
        _ => false,
    };

    private bool Allows(AllowedRounding rounding) => options.Policy.Verify?.Allow.Contains(rounding) ?? false;

    private RoundingFinding Attested(QuantizedTensor tensor, RoundingFinding found, RoundingMeasurement? measurement, long? different) =>
        Attestation is not null && Attestation.Covers(tensor.Uses[0].Name)
            ? AttestedClassification.Of(found, Attestation, measurement?.Certificate, different, tensor.Codes.LongLength)
            : found;

    private VerifiedTensor Judge(SourceMatch match, WeightLattice lattice, sbyte[] codes, RoundingMeasurement? measurement)
    {
        var positions = CodePositions.Of(lattice, codes);
        var test = StochasticTest.Of(lattice, codes);
        var found = RoundingClassification.Of(lattice, codes, positions, test, measurement);
        var different = Replay?.Different(match.Tensor);
        return Describe(match.Tensor, Attested(match.Tensor, found, measurement, different)) with
        {
            Replayed = different is { } some ? new ReplayedIntegers(some, Certified(measurement)) : null,
            Integers = new VerifiedIntegers(
                match.By.ToString().ToLowerInvariant(),
                (double)positions.Counts.NotNearest / codes.Length,
                positions.Counts.OffLattice,
                positions.LargestDeviation,
                positions.Ties,
                positions.TieRule,
                test.Statistic,
                test.Bins),
            Activations = measurement is null ? null : Activations(measurement),
        };
    }

    private static VerifiedCertificate? Certified(RoundingMeasurement? measurement) => measurement?.Certificate is { } certificate
        ? new(certificate.Error, certificate.Allowed, certificate.Objective, certificate.SolvedObjective, certificate.Holds)
        : null;

    private static VerifiedActivations Activations(RoundingMeasurement measured) => new(
        measured.Nearest,
        measured.RatioOf(measured.Error),
        measured.RatioOf(measured.Efrap.Error),
        measured.RatioOf(measured.Least),
        measured.RatioOf(measured.Limit),
        measured.Guided,
        measured.GuidedEfrap,
        measured.GuidedLeast,
        measured.Flips > 0 ? (double)measured.Unserved / measured.Flips : 0);

    private VerifiedTensor Describe(QuantizedTensor tensor, RoundingFinding finding)
    {
        var codes = tensor.SignedRows();
        var highest = (1 << (tensor.Bits - 1)) - 1;
        return new VerifiedTensor(
            tensor.CodesName,
            tensor.Uses[0].Name,
            tensor.Uses[0].Operator,
            Spell(tensor.Form),
            tensor.Bits,
            codes.Length,
            TensorValues.ElementCount(_graph.Constant(tensor.ScaleName)!),
            (double)codes.Count(c => Math.Abs((int)c) >= highest) / codes.Length,
            finding.Kind,
            finding.Evidence);
    }

    private static string Spell(StoredForm form) => form switch
    {
        StoredForm.DequantizeLinear => "dequantize-linear",
        StoredForm.QLinear => "q-linear",
        StoredForm.Dynamic => "dynamic",
        StoredForm.Blocks => "blocks",
        _ => throw new ArgumentOutOfRangeException(nameof(form)),
    };
}
