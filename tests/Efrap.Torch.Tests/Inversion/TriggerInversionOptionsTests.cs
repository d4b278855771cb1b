using Efrap.Core;
using Efrap.Torch.Inversion;

namespace Efrap.Torch.Tests.Inversion;

[TestClass]
public sealed class TriggerInversionOptionsTests : TorchTest
{
    private static readonly TriggerInversionOptions _defaults = new();

    public static IEnumerable<(TriggerInversionOptions Options, string Setting)> OutsideTheirRange =>
    [
        (_defaults with { Threshold = 0 }, "threshold"),
        (_defaults with { Threshold = 1.01 }, "threshold"),
        (_defaults with { Threshold = double.NaN }, "threshold"),
        (_defaults with { ShareBeyondPlacebos = -0.1 }, "share beyond the placebos"),
        (_defaults with { ShareBeyondPlacebos = double.NaN }, "share beyond the placebos"),
        (_defaults with { WarningPart = 0 }, "warning part"),
        (_defaults with { Placebos = -1 }, "number of placebos"),
        (_defaults with { TimeBudget = TimeSpan.FromSeconds(-1) }, "time budget"),
        (_defaults with { BatchSize = 0 }, "batch size"),
        (_defaults with { SizeWeight = -1 }, "weight of the mask's size"),
        (_defaults with { SizeWeight = double.PositiveInfinity }, "weight of the mask's size"),
        (_defaults with { Threads = -1 }, "number of threads"),
        (_defaults with { FirstSteps = 0 }, "number of steps"),
    ];

    [TestMethod]
    [DynamicData(nameof(OutsideTheirRange))]
    public void Settings_outside_their_range_are_named(TriggerInversionOptions options, string setting)
    {
        var e = Assert.Throws<EfrapException>(() => new TriggerInversion(options));
        Assert.AreEqual(EfrapCode.InvalidSetting, e.Code);
        Assert.Contains($"the {setting}", e.Message);
    }

    [TestMethod]
    public void The_ends_of_ranges_are_inside()
    {
        var smallest = _defaults with
        {
            ShareBeyondPlacebos = 0,
            Placebos = 0,
            TimeBudget = TimeSpan.Zero,
            BatchSize = 1,
            SizeWeight = 0,
            Threads = 0,
            FirstSteps = 1,
        };
        Assert.IsNotNull(new TriggerInversion(smallest));
        Assert.IsNotNull(new TriggerInversion(_defaults with { Threshold = 1, ShareBeyondPlacebos = 1, WarningPart = 1 }));
    }
}
