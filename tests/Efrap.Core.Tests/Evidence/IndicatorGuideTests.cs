using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;

namespace Efrap.Core.Tests.Evidence;

/// <summary>Every indicator has its words.</summary>
[TestClass]
public sealed class IndicatorGuideTests
{
    [TestMethod]
    public void There_is_one_for_each_that_policies_know()
    {
        CollectionAssert.AreEquivalent(IndicatorNames.All.ToArray(), IndicatorGuide.All.Select(g => g.Name).ToArray());
        foreach (var indicator in Indicator.OfEngine)
            Assert.AreEqual(indicator.Code, IndicatorGuide.Of(indicator.Name).Code);
        CollectionAssert.AreEqual(IndicatorGuide.All.Select(g => g.Code).Order().ToArray(), IndicatorGuide.All.Select(g => g.Code).ToArray());
    }
}
