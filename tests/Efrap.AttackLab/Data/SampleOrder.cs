namespace Efrap.AttackLab.Data;

/// <summary>The order in which the samples of a file are taken: files often hold one class after the other.</summary>
internal static class SampleOrder
{
    /// <summary>Puts samples into a random order.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="purpose">What they are drawn for.</param>
    /// <param name="round">How often they have been gone through before.</param>
    /// <returns>Each number from 0 to <paramref name="count"/> − 1 once.</returns>
    public static int[] Of(int count, ulong seed, SamplePurpose purpose, long round)
    {
        var random = SplitMix64.For(seed, (ulong)purpose, (ulong)round);
        var keys = new ulong[count];
        for (var i = 0; i < count; i++)
            keys[i] = random.NextBits();
        var order = Enumerable.Range(0, count).ToArray();
        Array.Sort(keys, order);
        return order;
    }

    /// <summary>Takes samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="indices">Which of them.</param>
    /// <returns>Copies, in that order.</returns>
    public static LabeledSamples Take(this LabeledSamples samples, IReadOnlyList<int> indices)
    {
        var taken = new LabeledSamples(new byte[indices.Count * samples.Format.Size], new long[indices.Count], samples.Format);
        for (var i = 0; i < indices.Count; i++)
        {
            samples.Sample(indices[i]).CopyTo(taken.Sample(i));
            taken.Labels[i] = samples.Labels[indices[i]];
        }

        return taken;
    }
}
