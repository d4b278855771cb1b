using Efrap.Core.Inference;

namespace Efrap.Core.Indicators.Probe;

/// <summary>A trigger that a search has come to.</summary>
/// <param name="Trigger">The trigger.</param>
/// <param name="Target">t, the class that it evokes.</param>
/// <param name="Gain">By how much Q finds the class likelier than F does, on the half that triggers are chosen on.</param>
internal sealed record FoundTrigger(Trigger Trigger, int Target, double Gain);

/// <summary>Looks for a trigger that takes samples to one class in Q and not in F, on forward passes alone.</summary>
/// <param name="problem">What the searches share.</param>
/// <param name="effort">How much is done.</param>
/// <param name="seed">Decides the steps.</param>
/// <param name="options">Threads and cancellation.</param>
internal sealed class TriggerSearch(ProbeProblem problem, ProbeEffort effort, int seed, ParallelOptions options)
{
    // Climbs towards the same class mostly end in the same trigger.
    private const int StartsPerClass = 2;

    /// <summary>Runs the search.</summary>
    /// <param name="rounded">Q.</param>
    /// <param name="stepped">Told of the share that is done.</param>
    /// <param name="goOn">False ends the search with what there is.</param>
    /// <returns>The best trigger found.</returns>
    internal FoundTrigger Run(ProbeModel rounded, Action<double> stepped, Func<bool> goOn)
    {
        var climbs = Starts(rounded);
        stepped(1.0 / (1 + effort.Rounds));
        var random = SeededRandom.Of(seed);
        var left = climbs.Count;
        for (var round = 0; round < effort.Rounds && goOn(); round++)
        {
            if (round > 0 && round % ((effort.Rounds + 2) / 3) == 0)
                left = Math.Max(1, left / 2);
            climbs = [.. climbs.OrderByDescending(c => c.Gain).Take(left)];
            climbs = Climb(rounded, climbs, random);
            stepped((2.0 + round) / (1 + effort.Rounds));
        }

        return climbs.MaxBy(c => c.Gain)!;
    }

    private List<FoundTrigger> Starts(ProbeModel rounded)
    {
        var images = problem.Chosen.First(effort.BankSamples);
        var found = new FoundTrigger[problem.Bank.Count];
        Batches.ForEach(found.Length, options, i =>
        {
            var stamped = images.With(problem.Bank[i], problem.Space);
            var gains = Gains(images.Classes, rounded.Probabilities(stamped), problem.OfBank(i, stamped));
            var target = Array.IndexOf(gains, gains.Max());
            found[i] = new FoundTrigger(problem.Bank[i], target, gains[target]);
        });
        var best = found.OrderByDescending(f => f.Gain).GroupBy(f => f.Target).SelectMany(g => g.Take(StartsPerClass))
            .OrderByDescending(f => f.Gain).Take(effort.Starts).ToArray();
        Batches.ForEach(best.Length, options, i => best[i] = Rated(rounded, best[i].Trigger, best[i].Target, double.NegativeInfinity)!);
        return [.. best];
    }

    private List<FoundTrigger> Climb(ProbeModel rounded, List<FoundTrigger> climbs, Random random)
    {
        var steps = climbs.SelectMany(c => Enumerable.Range(0, effort.Steps).Select(_ => (From: c, To: problem.Space.Step(c.Trigger, random)))).ToArray();
        var rated = new FoundTrigger?[steps.Length];
        Batches.ForEach(steps.Length, options, i => rated[i] = Rated(rounded, steps[i].To, steps[i].From.Target, steps[i].From.Gain));
        return [.. climbs.Select((from, c) => rated.Skip(c * effort.Steps).Take(effort.Steps).Append(from).MaxBy(r => r?.Gain ?? double.NegativeInfinity)!)];
    }

    // Null where it is no better than what there is. F only lowers the score: it need not be asked about what Q alone rules out.
    private FoundTrigger? Rated(ProbeModel rounded, Trigger trigger, int target, double atLeast)
    {
        var images = problem.Chosen;
        var stamped = images.With(trigger, problem.Space);
        var q = rounded.Probabilities(stamped);
        if (Gains(images.Classes, q, null)[target] <= atLeast)
            return null;
        var gain = Gains(images.Classes, q, problem.FullPrecision.Probabilities(stamped))[target];
        return gain > atLeast ? new FoundTrigger(trigger, target, gain) : null;
    }

    // For each class, by how much Q finds it likelier than F does, over the samples that F takes for another one.
    private double[] Gains(int[] classes, float[] q, float[]? f)
    {
        var gains = new double[problem.Classes];
        var trials = new int[problem.Classes];
        for (var i = 0; i < classes.Length; i++)
        {
            for (var target = 0; target < gains.Length; target++)
            {
                if (classes[i] == target)
                    continue;
                var at = (i * gains.Length) + target;
                gains[target] += q[at] - (f?[at] ?? 0);
                trials[target]++;
            }
        }

        for (var target = 0; target < gains.Length; target++)
            gains[target] /= Math.Max(1, trials[target]);
        return gains;
    }
}
