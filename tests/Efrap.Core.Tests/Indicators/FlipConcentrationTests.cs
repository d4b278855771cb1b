using Efrap.Core.Indicators;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class FlipConcentrationTests
{
    [TestMethod]
    public void A_backdoors_class_draws_samples()
    {
        var result = AuditedFixture.TellsTheBackdoorFromRounding(new FlipConcentration(), floor: 0.02, samples: 1024);
        Assert.AreEqual("class 0", result.Where);
    }
}
