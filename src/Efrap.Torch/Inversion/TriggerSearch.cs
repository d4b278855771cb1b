using System.Globalization;
using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>How long the search goes on: in each round, every class that is left takes so many steps, and the best go on.</summary>
/// <param name="Steps">Steps per class.</param>
/// <param name="Classes">How many classes take part; the others are out.</param>
/// <param name="SizeWeight">The weight of the mask's size in the loss. A trigger is found sooner under a mask that may cover
/// much, and what it takes besides the trigger goes when the mask has to shrink.</param>
internal readonly record struct SearchRound(int Steps, int Classes, double SizeWeight);

/// <summary>What the search for one class came to.</summary>
/// <param name="Target">The class.</param>
/// <param name="Successes">Scored samples that the trigger moves to the class in Q, and that keep their class in F.</param>
/// <param name="Trials">Scored samples.</param>
/// <param name="MaskSize">The share of the input that the mask covers.</param>
/// <param name="Steps">Steps that were taken.</param>
internal sealed record ClassScore(int Target, int Successes, int Trials, double MaskSize, int Steps)
{
    /// <summary>The trigger in words.</summary>
    internal required string Trigger { get; init; }

    /// <summary>Successes over trials.</summary>
    internal double Rate => Trials == 0 ? 0 : (double)Successes / Trials;
}

/// <summary>Looks for the class that a trigger can evoke in one of two models and not in the other.</summary>
/// <param name="samples">The samples and what F says of them.</param>
/// <param name="rounds">How long.</param>
/// <param name="batchSize">Samples in a step.</param>
/// <param name="seed">Decides the batches.</param>
internal sealed class TriggerSearch(SearchSamples samples, IReadOnlyList<SearchRound> rounds, int batchSize, int seed)
{
    /// <summary>Runs the search.</summary>
    /// <param name="pair">The two models.</param>
    /// <param name="order">The classes, the most suspicious first.</param>
    /// <param name="stepped">Told of each step.</param>
    /// <param name="goOn">Asked before each class of a round: false ends the search with what there is.</param>
    /// <param name="cancellationToken">Observed between steps.</param>
    /// <returns>The classes that were searched for, the best first.</returns>
    internal IReadOnlyList<ClassScore> Run(
        ModelPair pair, IReadOnlyList<int> order, Action stepped, Func<bool> goOn, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var left = order.Select(target => new ClassInversion(target, samples.Space!)).ToList();
        var scores = new List<ClassScore>();
        try
        {
            foreach (var (i, round) in rounds.Index())
            {
                Keep(left, round.Classes);
                var learned = 0;
                for (; learned < left.Count && goOn(); learned++)
                    Learn(left[learned], pair, round, random, stepped, cancellationToken);

                // Behind the last round, scores tell more than progress.
                if (i < rounds.Count - 1)
                    left = [.. left.Take(learned).OrderByDescending(c => Progress(c, pair)), .. left.Skip(learned)];
            }

            foreach (var inversion in left.Where(i => i.Steps > 0))
                scores.Add(Score(inversion, pair));
        }
        finally
        {
            left.ForEach(c => c.Dispose());
        }

        return [.. scores.OrderByDescending(s => s.Rate).ThenBy(s => s.Target)];
    }

    private static void Keep(List<ClassInversion> classes, int count)
    {
        foreach (var inversion in classes.Skip(count))
            inversion.Dispose();
        classes.RemoveRange(Math.Min(count, classes.Count), Math.Max(0, classes.Count - count));
    }

    private void Learn(ClassInversion inversion, ModelPair pair, SearchRound round, Random random, Action stepped, CancellationToken cancellationToken)
    {
        for (var step = 0; step < round.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (x, predictions) = samples.Draw(inversion.Target, batchSize, random);
            inversion.Step(pair, x, predictions, round.SizeWeight);
            stepped();
        }
    }

    // After a few steps hardly any sample has crossed over, but probabilities tell already which class is on its way.
    private double Progress(ClassInversion inversion, ModelPair pair)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (x, predictions) = samples.Check(inversion.Target);
        var stamped = inversion.Stamp(x);
        var moved = pair.Rounded(stamped).softmax(1).select(1, inversion.Target);
        var kept = pair.FullPrecision(stamped).softmax(1).gather(1, predictions.unsqueeze(1)).squeeze(1);
        return (moved * kept).mean().item<float>();
    }

    private ClassScore Score(ClassInversion inversion, ModelPair pair)
    {
        var (successes, trials) = pair.Score(inversion.Target, samples.Scored(inversion.Target), inversion.Stamp);
        return new ClassScore(inversion.Target, successes, trials, inversion.MaskSize, inversion.Steps)
        {
            Trigger = string.Create(CultureInfo.InvariantCulture, $"a mask of {100 * inversion.MaskSize:F1} % of the input"),
        };
    }
}
