using Efrap.Torch.Inversion;
using static TorchSharp.torch;

namespace Efrap.Torch.Tests.Inversion;

[TestClass]
public sealed class TokenSearchTests : TorchTest
{
    private const int Classes = 4;
    private const int Length = 6;
    private const long Trigger = 13;

    [TestMethod]
    [DataRow(0)]
    [DataRow(4)]
    public void A_token_that_moves_one_model_alone_is_found_with_its_place(int place)
    {
        using var samples = Samples();
        var best = Search(samples, x => Scores(x).where(IsTriggered(x, place), One(2)))[0];
        Assert.AreEqual(2, best.Target);
        Assert.AreEqual(1.0, best.Rate);
        Assert.AreEqual($"token {Trigger} at position {place}", best.Trigger);
    }

    [TestMethod]
    public void What_moves_both_models_is_no_trigger()
    {
        using var samples = Samples();
        Tensor Both(Tensor x) => Scores(x).where(IsTriggered(x, 0), One(2));
        var found = new TokenSearch(samples, Vocabulary, Classes).Run(new ModelPair(Both, Both), () => { }, () => true, default);
        Assert.IsEmpty(found);
    }

    [TestMethod]
    public void Without_time_nothing_is_found()
    {
        using var samples = Samples();
        var pair = new ModelPair(Scores, x => Scores(x).where(IsTriggered(x, 0), One(2)));
        Assert.IsEmpty(new TokenSearch(samples, Vocabulary, Classes).Run(pair, () => { }, () => false, default));
    }

    private static IReadOnlyList<long> Vocabulary => [.. Enumerable.Range(0, 20).Select(i => (long)i)];

    private static IReadOnlyList<ClassScore> Search(SearchSamples samples, Func<Tensor, Tensor> rounded) =>
        new TokenSearch(samples, Vocabulary, Classes).Run(new ModelPair(Scores, rounded), () => { }, () => true, default);

    // The class is that of the last token.
    private static Tensor Scores(Tensor x) =>
        nn.functional.one_hot(x.select(1, Length - 1).remainder(Classes), Classes).to_type(ScalarType.Float32);

    private static Tensor IsTriggered(Tensor x, int place) => (x.select(1, place) != Trigger).unsqueeze(1);

    private static Tensor One(int target) => nn.functional.one_hot(tensor(target, dtype: ScalarType.Int64), Classes).to_type(ScalarType.Float32);

    private static SearchSamples Samples()
    {
        var random = new Random(1);
        var tokens = Enumerable.Range(0, 80 * Length).Select(_ => (long)random.Next(12)).ToArray();
        var x = tensor(tokens).reshape(80, Length);
        return new SearchSamples(x, Scores(x).argmax(1));
    }
}
