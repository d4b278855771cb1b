using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Indicators.Probe;

/// <summary>What all searches on one model share: F, the images, and the triggers that are looked for.</summary>
internal sealed class ProbeProblem : IDisposable
{
    private const int FewestSamples = 8;

    // What is kept of the samples at most, in values: a quarter of a gigabyte.
    private const int LargestHalf = 1 << 25;

    private readonly ClassOutput _output;
    private readonly string _input;
    private readonly IReadOnlyList<long> _shape;
    private readonly bool _isFixed;
    private readonly float[]?[] _bankProbabilities;

    private ProbeProblem(AuditSubject subject, ClassOutput output, ImageLayout image, ProbeEffort effort)
    {
        var (samples, first) = (subject.Samples!, subject.Samples!.GetBatch(0)[0]);
        _output = output;
        _input = first.Name;
        _shape = first.Shape;
        _isFixed = ModelInputs.Of(subject.Graph)[0].Shape is [not null, ..];
        FullPrecision = Load(subject.Graph);
        var affordable = Math.Max(1, LargestHalf / image.Length);
        Chosen = Look(ProbeSamples.Half(samples, 0, Math.Min(effort.ClimbSamples, affordable)));
        Scored = Look(ProbeSamples.Half(samples, 1, Math.Min(effort.ScoreSamples, affordable)));
        Space = SpaceOf(image, Chosen.Values);
        Bank = Space.Bank();
        _bankProbabilities = new float[]?[Bank.Count];
    }

    /// <summary>F.</summary>
    internal ProbeModel FullPrecision { get; }

    /// <summary>The number of classes.</summary>
    internal int Classes => _output.Classes;

    /// <summary>The images that triggers are chosen on.</summary>
    internal ProbeImages Chosen { get; }

    /// <summary>The images that the trigger found is scored on.</summary>
    internal ProbeImages Scored { get; }

    /// <summary>The triggers.</summary>
    internal TriggerSpace Space { get; }

    /// <summary>What a search begins with.</summary>
    internal IReadOnlyList<Trigger> Bank { get; }

    /// <summary>Poses the problem, or says why that cannot be.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="effort">How many samples are wanted.</param>
    /// <param name="reason">Why there is none.</param>
    internal static ProbeProblem? Pose(AuditSubject subject, ProbeEffort effort, out string? reason)
    {
        reason = null;
        if (subject.Samples is not { } samples)
            reason = "there is no calibration data";
        else if (subject.Graph.FedInputs.Count() != 1)
            reason = "the model has more than one input";
        else if (samples.SampleCount < FewestSamples)
            reason = $"it takes at least {FewestSamples} samples, to choose triggers on and to score them on";
        else if (samples.GetBatch(0)[0] is { ElementType: not DataType.Float } other)
            reason = $"the input is {other.ElementType.ToString().ToLowerInvariant()}; patches are drawn on float images";
        else if (ImageLayout.Of(samples.GetBatch(0)[0].Shape) is not { } image)
            reason = $"the input, of shape {string.Join('x', samples.GetBatch(0)[0].Shape)}, is no image of at least 8x8 pixels and at most 4 channels";
        else if (subject.Comparisons.Output is not { } output)
            reason = "no output is [samples, classes]";
        else
            return new ProbeProblem(subject, output, image, effort);
        return null;
    }

    /// <summary>Loads a rounded form of the model.</summary>
    internal ProbeModel Load(ModelGraph graph) => new(graph, _output, _input, _shape, _isFixed);

    /// <summary>F's probabilities for a trigger of the bank, computed once. One thread at a time may ask for the same trigger.</summary>
    internal float[] OfBank(int index, float[] images) => _bankProbabilities[index] ??= FullPrecision.Probabilities(images);

    /// <inheritdoc/>
    public void Dispose() => FullPrecision.Dispose();

    private ProbeImages Look(float[] images) =>
        new(images, ProbeSamples.Classes(FullPrecision.Probabilities(images), Classes));

    private static TriggerSpace SpaceOf(ImageLayout image, float[] values)
    {
        var (low, high) = (new float[image.Channels], new float[image.Channels]);
        Array.Fill(low, float.PositiveInfinity);
        Array.Fill(high, float.NegativeInfinity);
        for (var i = 0; i < values.Length; i++)
        {
            var at = i % image.Length;
            var channel = image.ChannelsLast ? at % image.Channels : at / (image.Height * image.Width);
            low[channel] = MathF.Min(low[channel], values[i]);
            high[channel] = MathF.Max(high[channel], values[i]);
        }

        return new TriggerSpace(image, low, high);
    }
}
