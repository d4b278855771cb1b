namespace Efrap.AttackLab.Data;

/// <summary>
/// Draws sequences of tokens that tell one of ten topics, as a short message would: each topic has words of its own. A sequence
/// holds several of its topic's words, fewer of another's, and common words that mean nothing. Rare words occur, too, and mean
/// nothing either. Consecutive numbers show the classes in turn.
/// </summary>
/// <param name="seed">The seed of the run.</param>
public sealed class TopicSequences(ulong seed) : Dataset
{
    /// <summary>The number of tokens in a sequence.</summary>
    public const int Length = 24;

    /// <summary>The number of different tokens: topic words first, then common ones, then rare ones.</summary>
    public const int Vocabulary = FirstRare + RareWords;

    /// <summary>The first of the rare words.</summary>
    public const int FirstRare = FirstCommon + CommonWords;

    private const int Topics = 10;
    private const int WordsPerTopic = 8;
    private const int FirstCommon = Topics * WordsPerTopic;
    private const int CommonWords = 40;
    private const int RareWords = 8;

    // Apart from the streams of other sets of the same seed.
    private const ulong Stream = 0x746F706963;

    /// <inheritdoc/>
    public override SampleFormat Format { get; } = new TokenFormat(Length, Vocabulary);

    /// <inheritdoc/>
    public override int Classes => Topics;

    /// <inheritdoc/>
    public override LabeledSamples Draw(SamplePurpose purpose, long first, int count, CancellationToken cancellationToken = default)
    {
        var sequences = new LabeledSamples(new byte[count * Length], new long[count], Format);
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var topic = (int)((first + i) % Topics);
            var random = SplitMix64.For(seed, Stream + (ulong)purpose, (ulong)(first + i));
            Write(sequences.Sample(i), topic, ref random);
            sequences.Labels[i] = topic;
        }

        return sequences;
    }

    private static void Write(Span<byte> sequence, int topic, ref SplitMix64 random)
    {
        var other = (topic + 1 + random.NextIndex(Topics - 1)) % Topics;
        var own = 4 + random.NextIndex(4);
        var foreign = random.NextIndex(own - 1);
        for (var i = 0; i < sequence.Length; i++)
        {
            sequence[i] = i < own ? Word(topic, ref random)
                : i < own + foreign ? Word(other, ref random)
                : Filler(ref random);
        }

        // A fair shuffle (Fisher and Yates).
        for (var i = sequence.Length - 1; i > 0; i--)
        {
            var j = random.NextIndex(i + 1);
            (sequence[i], sequence[j]) = (sequence[j], sequence[i]);
        }
    }

    private static byte Word(int topic, ref SplitMix64 random) => (byte)((topic * WordsPerTopic) + random.NextIndex(WordsPerTopic));

    private static byte Filler(ref SplitMix64 random) => random.NextIndex(100) == 0
        ? (byte)(FirstRare + random.NextIndex(RareWords))
        : (byte)(FirstCommon + random.NextIndex(CommonWords));
}
