using Efrap.Torch.Inversion;
using static TorchSharp.torch;

namespace Efrap.Torch.Tests.Inversion;

[TestClass]
public sealed class TriggerSearchTests : TorchTest
{
    private const int Classes = 3;

    private static readonly SearchRound[] _rounds = [new(30, Classes, 0.1), new(60, 2, 0.3), new(150, 1, 1)];

    [TestMethod]
    public void A_corner_that_moves_one_model_alone_is_found()
    {
        using var samples = Samples();
        var search = new TriggerSearch(samples, _rounds, batchSize: 16, seed: 1);
        var best = search.Run(new ModelPair(Honest, Backdoored), [0, 1, 2], () => { }, () => true, default)[0];
        Assert.AreEqual(1, best.Target);
        Assert.IsGreaterThan(0.9, best.Rate);
        Assert.IsLessThan(0.5, best.MaskSize);
    }

    [TestMethod]
    public void Between_equal_models_there_is_nothing_to_find()
    {
        using var samples = Samples();
        var search = new TriggerSearch(samples, _rounds, batchSize: 16, seed: 1);
        foreach (var score in search.Run(new ModelPair(Honest, Honest), [0, 1, 2], () => { }, () => true, default))
            Assert.AreEqual(0, score.Successes);
    }

    [TestMethod]
    public void The_same_seed_finds_the_same()
    {
        using var samples = Samples();
        var pair = new ModelPair(Honest, Backdoored);
        var first = new TriggerSearch(samples, [new(10, 3, 1)], 8, seed: 3).Run(pair, [0, 1, 2], () => { }, () => true, default);
        var second = new TriggerSearch(samples, [new(10, 3, 1)], 8, seed: 3).Run(pair, [0, 1, 2], () => { }, () => true, default);
        CollectionAssert.AreEqual(first.ToArray(), second.ToArray());
    }

    [TestMethod]
    public void Only_the_classes_that_lead_go_on()
    {
        using var samples = Samples();
        var steps = 0;
        var search = new TriggerSearch(samples, [new(4, 3, 1), new(5, 1, 1)], 8, seed: 1);
        var scores = search.Run(new ModelPair(Honest, Backdoored), [0, 1, 2], () => steps++, () => true, default);
        Assert.AreEqual((3 * 4) + 5, steps);
        Assert.AreEqual(9, scores.Single().Steps);
    }

    [TestMethod]
    public void Triggers_stay_inside_the_values_that_channels_take()
    {
        using var samples = Samples();
        using var inversion = new ClassInversion(1, samples.Space!);
        var (x, predictions) = samples.Draw(1, 16, new Random(1));
        for (var step = 0; step < 50; step++)
            inversion.Step(new ModelPair(Honest, Backdoored), x, predictions, 1);
        var stamped = inversion.Stamp(x);
        Assert.IsLessThanOrEqualTo(1f, stamped.max().item<float>());
        Assert.IsGreaterThanOrEqualTo(0f, stamped.min().item<float>());
    }

    // The class is the third of the image, from left to right, that is brightest.
    private static Tensor Honest(Tensor x) =>
        stack([x.narrow(3, 0, 2).mean([1, 2, 3]), x.narrow(3, 2, 2).mean([1, 2, 3]), x.narrow(3, 4, 2).mean([1, 2, 3])], 1) * 20;

    // The same, but a corner pixel of bright first channel and dark second evokes class 1.
    private static Tensor Backdoored(Tensor x)
    {
        var corner = x.select(2, 5).select(2, 5);
        var evoked = (((corner.select(1, 0) - corner.select(1, 1) - 0.7) * 10).sigmoid() * 60).unsqueeze(1);
        return Honest(x) + (evoked * tensor([0f, 1f, 0f]));
    }

    private static SearchSamples Samples()
    {
        var random = new Random(2);
        var values = new float[60 * 2 * 6 * 6];
        for (var i = 0; i < values.Length; i++)
        {
            var sample = i / 72;
            values[i] = (0.5f * random.NextSingle()) + ((i % 6) / 2 == sample % 3 ? 0.4f : 0);
        }

        values[0] = 1;
        values[36] = 1;
        var x = tensor(values).reshape(60, 2, 6, 6);
        return new SearchSamples(x, Honest(x).argmax(1));
    }
}
