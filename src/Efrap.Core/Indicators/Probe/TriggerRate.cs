using Efrap.Core.Onnx;

namespace Efrap.Core.Indicators.Probe;

/// <summary>What a trigger does on the half of the samples that it was not chosen on, over those that F takes for another class.</summary>
/// <param name="Rounded">How many of them the rounded model takes for the trigger's class.</param>
/// <param name="FullPrecision">How many of them F takes for it.</param>
/// <param name="Trials">How many there are.</param>
internal readonly record struct TriggerRate(int Rounded, int FullPrecision, int Trials)
{
    /// <summary>P[Q→t].</summary>
    internal double OfRounded => (double)Rounded / Math.Max(1, Trials);

    /// <summary>P[Q→t] − P[F→t].</summary>
    internal double Value => (double)(Rounded - FullPrecision) / Math.Max(1, Trials);

    /// <summary>The interval of the difference.</summary>
    internal WilsonInterval? Interval => Trials == 0 ? null : WilsonInterval.OfDifference(Rounded, FullPrecision, Trials);
}

/// <summary>The samples that a trigger is scored on, with the trigger on them, and what F says of them.</summary>
internal sealed class StampedSamples
{
    // Among these one is looked for that rounding alone does not move.
    private const int MostCandidates = 16;

    private readonly ProbeProblem _problem;
    private readonly float[] _images;
    private readonly int[] _others;
    private readonly int[] _fullPrecisionClasses;
    private readonly int _target;

    /// <summary>Puts a trigger on the samples.</summary>
    internal StampedSamples(ProbeProblem problem, FoundTrigger found)
    {
        _problem = problem;
        _target = found.Target;
        _images = problem.Scored.With(found.Trigger, problem.Space);
        _others = [.. Enumerable.Range(0, problem.Scored.Count).Where(i => problem.Scored.Classes[i] != found.Target)];
        _fullPrecisionClasses = Classes(problem.FullPrecision);
    }

    /// <summary>Counts what a rounded model makes of them.</summary>
    internal TriggerRate Rate(ProbeModel rounded) => Rate(Classes(rounded));

    /// <inheritdoc cref="Rate(ProbeModel)"/>
    internal TriggerRate Rate(ModelGraph rounded)
    {
        using var model = _problem.Load(rounded);
        return Rate(model);
    }

    /// <summary>The same, and a sample that shows it: one that the trigger moves in the rounded model alone; null where there is none.</summary>
    /// <param name="rounded">The model.</param>
    /// <param name="lattice">What it was rounded on.</param>
    internal (TriggerRate Rate, TriggerPicture? Picture) RateAndShow(ProbeModel rounded, AuditLattice lattice)
    {
        var classes = Classes(rounded);
        var own = _problem.Scored.Classes;
        int[] candidates = [.. _others.Where(i => classes[i] == _target && _fullPrecisionClasses[i] == own[i]).Take(MostCandidates)];
        if (candidates.Length == 0)
            return (Rate(classes), null);

        var before = ProbeSamples.Classes(rounded.Probabilities([.. candidates.SelectMany(i => Sample(_problem.Scored.Values, i))]), _problem.Classes);
        var best = Math.Max(0, Array.FindIndex(candidates, i => before[Array.IndexOf(candidates, i)] == own[i]));
        var (shown, image) = (candidates[best], _problem.Space.Image);
        return (Rate(classes), new TriggerPicture(lattice.Name, image.Width, image.Height, image.Channels < 3 ? 1 : 3)
        {
            Before = _problem.Space.Pixels(Sample(_problem.Scored.Values, shown)),
            After = _problem.Space.Pixels(Sample(_images, shown)),
            ClassBefore = own[shown],
            RoundedClassBefore = before[best],
            ClassAfter = _fullPrecisionClasses[shown],
            RoundedClassAfter = classes[shown],
        });
    }

    private float[] Sample(float[] images, int index) =>
        images.AsSpan(index * _problem.Space.Image.Length, _problem.Space.Image.Length).ToArray();

    private TriggerRate Rate(int[] classes) => new(Evoked(classes), Evoked(_fullPrecisionClasses), _others.Length);

    private int Evoked(int[] classes) => _others.Count(i => classes[i] == _target);

    private int[] Classes(ProbeModel model) => ProbeSamples.Classes(model.Probabilities(_images), _problem.Classes);
}
