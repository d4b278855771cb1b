namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class AuditSettingsTests
{
    [TestMethod]
    public void Settings_outside_their_range_are_refused_before_anything_is_read()
    {
        var options = new AuditOptions("there is no such file.onnx");
        foreach (var (wrong, name) in new (AuditOptions, string)[]
        {
            (options with { Placebos = 0 }, "the number of placebos"),
            (options with { Threads = -1 }, "the number of threads"),
            (options with { ProbeTime = TimeSpan.FromSeconds(-1) }, "the trigger probe's time"),
            (options with { Calibration = new Core.Calibration.CalibrationOptions("samples.npz") { Samples = 0 } }, "the number of samples"),
        })
        {
            var error = Assert.Throws<EfrapException>(() => Audit.Run(wrong));
            Assert.AreEqual(EfrapCode.InvalidSetting, error.Code);
            StringAssert.StartsWith(error.Message, name);
        }
    }
}
