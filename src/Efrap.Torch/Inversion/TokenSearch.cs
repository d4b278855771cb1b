using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>
/// The search where inputs are tokens and have no gradient: every token of the vocabulary, put in the place of another, on
/// forward passes alone. What works best on a few samples is tried on more of them and in every place.
/// </summary>
/// <param name="samples">The samples, [N, length] of int64, and what F says of them.</param>
/// <param name="vocabulary">The tokens to try.</param>
/// <param name="classes">The number of classes.</param>
internal sealed class TokenSearch(SearchSamples samples, IReadOnlyList<long> vocabulary, int classes)
{
    // Samples that all candidates meet, and those that the best of them meet.
    private const int First = 8;
    private const int Second = 64;

    private const int Finalists = 16;

    // Tokens times places in the first pass: every place of short sequences, places spread evenly over long ones.
    private const int Candidates = 1 << 14;

    private const int Batch = 512;

    /// <summary>The batches that a search takes.</summary>
    internal static int BatchCount(int length, int vocabulary) =>
        ((vocabulary * PlacesTried(length, vocabulary) * First) + (Finalists * length * Second)) / Batch;

    /// <summary>Runs the search.</summary>
    /// <param name="pair">The two models.</param>
    /// <param name="stepped">Told of each batch.</param>
    /// <param name="goOn">Asked before each batch: false ends the search with what there is.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The best trigger of each class that any token moves samples to, the best first.</returns>
    internal IReadOnlyList<ClassScore> Run(ModelPair pair, Action stepped, Func<bool> goOn, CancellationToken cancellationToken)
    {
        var length = (int)samples.Length;
        var tried = PlacesTried(length, vocabulary.Count);
        var places = Enumerable.Range(0, tried).Select(i => i * (length - 1) / Math.Max(1, tried - 1));
        var candidates = vocabulary.SelectMany(_ => places, (token, place) => new Candidate(token, place)).ToList();
        var best = Rate(pair, candidates, First, stepped, goOn, cancellationToken).Take(Finalists).ToList();
        var everywhere = best.Select(b => b.Candidate.Token).Distinct()
            .SelectMany(_ => Enumerable.Range(0, length), (token, place) => new Candidate(token, place)).ToList();
        return [.. Rate(pair, everywhere, Second, stepped, goOn, cancellationToken)
            .GroupBy(r => r.Target)
            .Select(group => Score(pair, group.First()))
            .OrderByDescending(s => s.Rate).ThenBy(s => s.Target)];
    }

    private static int PlacesTried(int length, int vocabulary) => Math.Clamp(Candidates / vocabulary, 1, length);

    private List<Rated> Rate(
        ModelPair pair, List<Candidate> candidates, int count, Action stepped, Func<bool> goOn, CancellationToken cancellationToken)
    {
        var rated = new List<Rated>();
        var (x, predictions) = samples.Any(count);
        var trials = new int[classes];
        foreach (var own in predictions.data<long>())
        {
            for (var target = 0; target < classes; target++)
                trials[target] += own != target ? 1 : 0;
        }

        foreach (var some in candidates.Chunk(Math.Max(1, Batch / count)).TakeWhile(_ => goOn()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var stamped = cat([.. some.Select(c => Stamp(x, c))], 0);
            var own = predictions.repeat(some.Length);
            var kept = pair.FullPrecision(stamped).argmax(1) == own;
            var moved = pair.Rounded(stamped).argmax(1);
            var evoked = nn.functional.one_hot(moved, classes) * kept.logical_and(moved != own).to_type(ScalarType.Int64).unsqueeze(1);
            var counts = evoked.reshape(some.Length, -1, classes).sum(1).data<long>().ToArray();
            for (var i = 0; i < some.Length; i++)
            {
                for (var target = 0; target < classes; target++)
                {
                    if (counts[(i * classes) + target] is > 0 and var n)
                        rated.Add(new Rated(some[i], target, (double)n / Math.Max(1, trials[target])));
                }
            }

            stepped();
        }

        return [.. rated.OrderByDescending(r => r.Rate).ThenBy(r => r.Target).ThenBy(r => r.Candidate.Token).ThenBy(r => r.Candidate.Place)];
    }

    private ClassScore Score(ModelPair pair, Rated best)
    {
        var (successes, trials) = pair.Score(best.Target, samples.Scored(best.Target), x => Stamp(x, best.Candidate));
        return new ClassScore(best.Target, successes, trials, 1.0 / samples.Length, 0)
        {
            Trigger = $"token {best.Candidate.Token} at position {best.Candidate.Place}",
        };
    }

    private static Tensor Stamp(Tensor x, Candidate candidate)
    {
        var stamped = x.clone();
        stamped.select(1, candidate.Place).Fill(candidate.Token);
        return stamped;
    }

    private readonly record struct Candidate(long Token, int Place);

    private readonly record struct Rated(Candidate Candidate, int Target, double Rate);
}
