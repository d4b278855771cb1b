namespace Efrap.Torch.Tests.Graph.Operators;

[TestClass]
public sealed class NormalizationTests : OperatorTest
{
    [TestMethod]
    public void BatchNormalization_uses_the_running_statistics()
    {
        foreach (var x in new[] { Normal(4, 3), Normal(4, 3, 5), Normal(4, 3, 5, 6) })
            AssertAgrees("BatchNormalization", 15, [x, Normal(3), Normal(3), Normal(3), Normal(3).square().add(0.1)], ("epsilon", 1e-3f));
    }

    [TestMethod]
    public void InstanceNormalization() =>
        AssertAgrees("InstanceNormalization", 13, [Normal(2, 3, 5, 6), Normal(3), Normal(3)], ("epsilon", 1e-3f));

    [TestMethod]
    public void LayerNormalization()
    {
        AssertAgrees("LayerNormalization", 17, [Normal(2, 3, 8), Normal(8), Normal(8)]);
        AssertAgrees("LayerNormalization", 17, [Normal(2, 3, 8), Normal(8)], ("epsilon", 1e-2f));
        AssertAgrees("LayerNormalization", 17, [Normal(2, 3, 8), Normal(3, 8), Normal(3, 8)], ("axis", 1L));
        AssertAgrees("LayerNormalization", 17, [Normal(2, 3, 8), Normal(3, 8), Normal(3, 8)], ("axis", -2L));
    }

    [TestMethod]
    [DataRow(1L)]
    [DataRow(3L)]
    [DataRow(5L)]
    public void Local_response(long size) => AssertAgrees(
        "LRN", 13, [Normal(2, 8, 4, 4)], ("size", size), ("alpha", 0.5f), ("beta", 0.6f), ("bias", 1.5f));
}
