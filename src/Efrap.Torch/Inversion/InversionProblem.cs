using System.Runtime.InteropServices;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Torch.Graph;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;
using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>What all searches on one model share: F, the samples, and what F says of them.</summary>
internal sealed class InversionProblem : IDisposable
{
    private const int PredictedAtOnce = 64;

    // Classes that take part in the second and in the last round, and how much longer those are than the first.
    private const int SecondClasses = 4;
    private const int LastClasses = 2;
    private const int SecondLength = 2;
    private const int LastLength = 10;

    // By what the weight of the mask's size grows from round to round.
    private const double SizeGrowth = 4;

    private const int FewestSamples = 4;

    private readonly TriggerInversionOptions _options;
    private readonly ClassifierModule _fullPrecision;
    private readonly SearchSamples _samples;
    private readonly (string Output, bool AreProbabilities, int Classes) _classifier;
    private readonly IReadOnlyList<long>? _vocabulary;
    private readonly SearchRound[] _rounds;

    private InversionProblem(
        OnnxModule module,
        Tensor samples,
        (string Output, bool AreProbabilities, int Classes) classifier,
        IReadOnlyList<long>? vocabulary,
        TriggerInversionOptions options,
        CancellationToken cancellationToken)
    {
        _options = options;
        _classifier = classifier;
        _vocabulary = vocabulary;
        _fullPrecision = new ClassifierModule(module, classifier.Output, classifier.AreProbabilities);
        _samples = new SearchSamples(samples, Predict(samples, cancellationToken));
        var classes = classifier.Classes;
        _rounds =
        [
            new(options.FirstSteps, classes, options.SizeWeight / SizeGrowth / SizeGrowth),
            new(options.FirstSteps * SecondLength, Math.Min(classes, SecondClasses), options.SizeWeight / SizeGrowth),
            new(options.FirstSteps * LastLength, Math.Min(classes, LastClasses), options.SizeWeight),
        ];
    }

    /// <summary>About how many steps one search takes.</summary>
    internal long StepCount => _vocabulary is null
        ? _rounds.Sum(r => (long)r.Steps * r.Classes)
        : TokenSearch.BatchCount((int)_samples.Length, _vocabulary.Count);

    /// <summary>Poses the problem, or says why that cannot be.</summary>
    internal static PosedProblem Pose(AuditSubject subject, TriggerInversionOptions options, CancellationToken cancellationToken)
    {
        var reason = subject.Samples is null ? "there is no calibration data"
            : subject.Graph.FedInputs.Count() != 1 ? "the model has more than one input"
            : subject.Samples.SampleCount < FewestSamples ? $"it takes at least {FewestSamples} samples, to learn on and to score on"
            : null;
        if (reason is not null)
            return new PosedProblem(null, reason);
        try
        {
            return new PosedProblem(Of(subject.Graph, subject.Samples!, options, out reason, cancellationToken), reason);
        }
        catch (EfrapException e) when (e.Code == EfrapCode.OperatorNotDifferentiable)
        {
            return new PosedProblem(null, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>Searches for a trigger of a rounded model.</summary>
    /// <param name="rounded">Q.</param>
    /// <param name="stepped">Told of each step.</param>
    /// <param name="goOn">False ends the search with what there is.</param>
    /// <param name="cancellationToken">Observed between steps.</param>
    /// <returns>The classes that were searched for, the best first.</returns>
    internal IReadOnlyList<ClassScore> Search(ModelGraph rounded, Action stepped, Func<bool> goOn, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var q = new ClassifierModule(OnnxModule.Of(rounded), _classifier.Output, _classifier.AreProbabilities);
        var pair = new ModelPair(_fullPrecision.Logits, q.Logits);
        return _vocabulary is null
            ? new TriggerSearch(_samples, _rounds, _options.BatchSize, _options.Seed)
                .Run(pair, SuspiciousFirst(pair), stepped, goOn, cancellationToken)
            : new TokenSearch(_samples, _vocabulary, _classifier.Classes).Run(pair, stepped, goOn, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _fullPrecision.Dispose();
        _samples.Dispose();
    }

    private static InversionProblem? Of(
        ModelGraph graph, CalibrationSet set, TriggerInversionOptions options, out string? reason, CancellationToken cancellationToken)
    {
        var module = OnnxModule.Of(graph);
        InversionProblem? problem = null;
        try
        {
            var first = set.GetBatch(0)[0];
            using var samples = IsSupported(first) ? ToTensor(first) : null;
            var areTokens = first.ElementType == DataType.Int64;
            var vocabulary = areTokens ? TokenVocabulary.Of(graph, first.Shape) : null;
            reason = null;
            if (samples is null)
                reason = $"the input is {first.ElementType.ToString().ToLowerInvariant()}; triggers are searched for in float and int64 inputs";
            else if (ClassifierModule.Recognize(module, samples) is not { } classifier)
                reason = "no output is [samples, classes]";
            else if (areTokens && vocabulary is null)
                reason = $"its integer input is no sequence of tokens with an embedding of at most {TokenVocabulary.Largest} words";
            else
                problem = new InversionProblem(module, Join(set), classifier, vocabulary, options, cancellationToken);
            return problem;
        }
        finally
        {
            if (problem is null)
                module.Dispose();
        }
    }

    // The classes that rounding itself favours, on the samples as they are and under a grey veil.
    private List<int> SuspiciousFirst(ModelPair pair)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (x, _) = _samples.Any(PredictedAtOnce);
        using var veil = new ClassInversion(0, _samples.Space!);
        var both = cat([x, veil.Stamp(x)], 0);
        var shift = (pair.Rounded(both).softmax(1) - pair.FullPrecision(both).softmax(1)).mean([0L]).data<float>().ToArray();
        return [.. Enumerable.Range(0, shift.Length).Where(_samples.CanSearch).OrderByDescending(c => shift[c])];
    }

    private Tensor Predict(Tensor samples, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var parts = new List<Tensor>();
        foreach (var part in samples.split(PredictedAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            parts.Add(_fullPrecision.Logits(part).argmax(1).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).DetachFromDisposeScope();
    }

    private static Tensor Join(CalibrationSet set)
    {
        using var scope = NewDisposeScope();
        return cat([.. Enumerable.Range(0, set.BatchCount).Select(batch => ToTensor(set.GetBatch(batch)[0]))], 0).DetachFromDisposeScope();
    }

    private static bool IsSupported(CalibrationTensor values) => values.ElementType is DataType.Float or DataType.Int64;

    private static Tensor ToTensor(CalibrationTensor values) => values.ElementType == DataType.Int64
        ? tensor(MemoryMarshal.Cast<byte, long>(values.Data).ToArray()).reshape([.. values.Shape])
        : tensor(MemoryMarshal.Cast<byte, float>(values.Data).ToArray()).reshape([.. values.Shape]);
}
