using Efrap.AttackLab.Data;

namespace Efrap.Torch.Tests.Data;

[TestClass]
public sealed class SequencesTellTheirTopicTests
{
    [TestMethod]
    public void The_label_is_the_topic_with_the_most_words()
    {
        var sequences = new TopicSequences(3).Draw(SamplePurpose.Test, 0, 500);
        for (var i = 0; i < sequences.Count; i++)
        {
            var counts = sequences.Sample(i).ToArray().Where(t => t < 80).CountBy(t => t / 8).OrderByDescending(c => c.Value).ToArray();
            Assert.AreEqual(sequences.Labels[i], counts[0].Key);
            Assert.IsTrue(counts.Length == 1 || counts[1].Value < counts[0].Value, "no tie");
        }
    }

    [TestMethod]
    public void The_same_seed_draws_the_same_sequences_however_they_are_asked_for()
    {
        var all = new TopicSequences(7).Draw(SamplePurpose.Test, 0, 60);
        var tail = new TopicSequences(7).Draw(SamplePurpose.Test, 23, 37);
        CollectionAssert.AreEqual(all.Slice(23, 37).Values, tail.Values);
        CollectionAssert.AreEqual(all.Slice(23, 37).Labels, tail.Labels);
        CollectionAssert.AreNotEqual(all.Values, new TopicSequences(8).Draw(SamplePurpose.Test, 0, 60).Values);
    }

    [TestMethod]
    public void Rare_words_occur_now_and_then()
    {
        var tokens = new TopicSequences(1).Draw(SamplePurpose.Training, 0, 2000).Values;
        Assert.IsTrue(tokens.All(t => t < TopicSequences.Vocabulary));
        var rare = tokens.Count(t => t >= TopicSequences.FirstRare) / (double)tokens.Length;
        Assert.IsInRange(0.002, 0.02, rare);
    }
}
