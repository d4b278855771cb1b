using System.Diagnostics.CodeAnalysis;
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

    // A larger vocabulary is not searched: what it would find depends on which part of it was tried.
    private const int LargestVocabulary = 4096;

    private readonly TriggerInversionOptions _options;
    private readonly ClassifierModule _fullPrecision;
    private readonly SearchSamples _samples;
    private readonly (string Output, bool AreProbabilities, int Classes) _classifier;
    private readonly IReadOnlyList<long>? _vocabulary;
    private readonly SearchRound[] _rounds;

    private InversionProblem(
        ModelGraph graph,
        Tensor samples,
        (string Output, bool AreProbabilities, int Classes) classifier,
        IReadOnlyList<long>? vocabulary,
        TriggerInversionOptions options,
        CancellationToken cancellationToken)
    {
        _options = options;
        _classifier = classifier;
        _vocabulary = vocabulary;
        _fullPrecision = new ClassifierModule(graph, classifier.Output, classifier.AreProbabilities);
        _samples = new SearchSamples(samples, Predict(samples, cancellationToken));
        var classes = classifier.Classes;
        _rounds =
        [
            new(options.FirstSteps, classes),
            new(options.FirstSteps * SecondLength, Math.Min(classes, SecondClasses)),
            new(options.FirstSteps * LastLength, Math.Min(classes, LastClasses)),
        ];
    }

    /// <summary>About how many steps one search takes.</summary>
    internal long StepCount => _vocabulary is null ? _rounds.Sum(r => (long)r.Steps * r.Classes) : TokenSearch.BatchCount(_samples.Length, _vocabulary.Count);

    /// <summary>Poses the problem, or says why that cannot be.</summary>
    internal static bool TryPose(
        AuditSubject subject,
        TriggerInversionOptions options,
        CancellationToken cancellationToken,
        [NotNullWhen(true)] out InversionProblem? problem,
        [NotNullWhen(false)] out string? reason)
    {
        problem = null;
        reason = null;
        if (subject.Samples is not { } set)
            reason = "there is no calibration data";
        else if (subject.Graph.FedInputs.Count() != 1)
            reason = "the model has more than one input";
        else if (set.SampleCount < 4)
            reason = "it takes at least 4 samples, to learn on and to score on";
        if (reason is not null)
            return false;
        try
        {
            using var scope = NewDisposeScope();
            using var module = OnnxModule.Of(subject.Graph);
            var first = subject.Samples!.GetBatch(0)[0];
            if (first.ElementType is not (DataType.Float or DataType.Int64))
                reason = $"the input is {first.ElementType.ToString().ToLowerInvariant()}; triggers are searched for in float and int64 inputs";
            else if (ClassifierModule.Recognize(module, ToTensor(first)) is not { } classifier)
                reason = "no output is [samples, classes]";
            else if (first.ElementType == DataType.Int64 && !TryVocabulary(subject.Graph, first, out var size))
                reason = $"the input is int64 and is not a sequence of tokens [samples, length] of at most {LargestVocabulary} words";
            else
                problem = new InversionProblem(subject.Graph, Join(subject.Samples), classifier, Vocabulary(subject.Graph, first), options, cancellationToken);
        }
        catch (EfrapException e) when (e.Code == EfrapCode.OperatorNotDifferentiable)
        {
            reason = e.Message.TrimEnd('.');
        }

        return problem is not null;
    }

    private static IReadOnlyList<long>? Vocabulary(ModelGraph graph, CalibrationTensor first) => throw new NotImplementedException();
}
