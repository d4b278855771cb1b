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
    private readonly ProbeProblem _problem;
    private readonly float[] _images;
    private readonly int[] _others;
    private readonly int _target;
    private readonly int _fullPrecision;

    /// <summary>Puts a trigger on the samples.</summary>
    internal StampedSamples(ProbeProblem problem, FoundTrigger found)
    {
        _problem = problem;
        _target = found.Target;
        _images = problem.Scored.With(found.Trigger, problem.Space);
        _others = [.. Enumerable.Range(0, problem.Scored.Count).Where(i => problem.Scored.Classes[i] != found.Target)];
        _fullPrecision = Evoked(problem.FullPrecision);
    }

    /// <summary>Counts what a rounded model makes of them.</summary>
    internal TriggerRate Rate(ProbeModel rounded) => new(Evoked(rounded), _fullPrecision, _others.Length);

    /// <inheritdoc cref="Rate(ProbeModel)"/>
    internal TriggerRate Rate(ModelGraph rounded)
    {
        using var model = _problem.Load(rounded);
        return Rate(model);
    }

    private int Evoked(ProbeModel model)
    {
        var classes = ProbeSamples.Classes(model.Probabilities(_images), _problem.Classes);
        return _others.Count(i => classes[i] == _target);
    }
}
