using System.Text;
using CsCheck;
using Efrap.Core.Policies;

namespace Efrap.Core.Tests.Policies;

/// <summary>A policy is read whole, or refused with the line that is wrong.</summary>
[TestClass]
public sealed class PolicyFileTests
{
    [TestMethod]
    public void Says_what_it_says()
    {
        var policy = Read(PolicyTexts.Full).Policy;
        Assert.AreEqual(PolicyProfile.Strict, policy.Profile);
        Assert.AreEqual(Consequence.Warn, policy.WithoutCalibration);
        Assert.AreEqual(new IndicatorRule { Threshold = 0.4, Required = true }, policy.Indicators["trigger-probe"]);
        Assert.AreEqual(new IndicatorRule { Severity = Consequence.Fail }, policy.Indicators["agreement"]);
        Assert.AreEqual(
            new Waiver(PolicyTexts.Model, "lattice-residual", "trained with fake quantization", "R. Viewer", new DateOnly(2027, 3, 31)),
            policy.Waivers.Single());
    }

    [TestMethod]
    public void May_have_comments_and_a_byte_order_mark()
    {
        var file = Read("\uFEFF{ // reviewed by the security team\n \"profile\": \"strict\", }");
        Assert.AreEqual(PolicyProfile.Strict, file.Policy.Profile);
        Assert.AreEqual("efrap.policy.json", file.Name);
    }

    [TestMethod]
    [DynamicData(nameof(PolicyTexts.Bad), typeof(PolicyTexts))]
    [DynamicData(nameof(PolicyTexts.Malformed), typeof(PolicyTexts))]
    public void Is_refused_with_the_line_and_what_is_wrong_there(string text, string message, int line)
    {
        var exception = Assert.ThrowsExactly<EfrapException>(() => Read(text));
        Assert.AreEqual(EfrapCode.PolicyInvalid, exception.Code);
        StringAssert.Contains(exception.Message, message);
        Assert.AreEqual(line, exception.Line);
    }

    [TestMethod]
    public void Ends_in_a_policy_or_a_refusal_whatever_its_bytes()
    {
        var good = Encoding.UTF8.GetBytes(PolicyTexts.Full);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            var bytes = good[..Math.Max(at + 1, length)];
            bytes[at] = value;
            Refusal.AtMost(9, 9, () => Read(bytes));
        });
    }

    [TestMethod]
    public void Is_found_from_a_folder_upward()
    {
        using var folder = new TemporaryFolder();
        var above = folder.Write(PolicyFile.DefaultName, "{}"u8.ToArray());
        var nearer = folder.Write("app/" + PolicyFile.DefaultName, "{}"u8.ToArray());
        Directory.CreateDirectory(folder.File("app/src/deep"));
        Directory.CreateDirectory(folder.File("other"));
        Assert.AreEqual(Path.GetFullPath(nearer), PolicyFile.Find(folder.File("app/src/deep")));
        Assert.AreEqual(above, PolicyFile.Find(folder.File("other")));
        Assert.IsNull(PolicyFile.Find(Path.GetPathRoot(folder.Path)!));
    }

    [TestMethod]
    public void That_is_not_there_is_refused() => StringAssert.Contains(
        Refusal.Expect(EfrapCode.PolicyInvalid, () => PolicyFile.Read(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()))), "there is no such file");

    [TestMethod]
    public void Names_indicators_as_they_name_themselves()
    {
        foreach (var indicator in Core.Indicators.Indicator.OfEngine)
            Assert.AreEqual(indicator.Name, IndicatorNames.Of(indicator.Code));
        CollectionAssert.IsSubsetOf(Core.Indicators.Indicator.OfEngine.Select(i => i.Name).ToArray(), IndicatorNames.All.ToArray());
    }

    [TestMethod]
    public void Has_a_digest_that_neither_order_nor_profile_defaults_change()
    {
        var a = Record("""{ "indicators": { "agreement": { "severity": "fail" }, "divergence": { "threshold": 0.1 } }, "withoutCalibration": "warn" }""");
        var b = Record("""{ "$schema": "x", "indicators": { "divergence": { "threshold": 1e-1 }, "agreement": { "severity": "fail" } } }""");
        Assert.AreEqual(a.Sha256, b.Sha256);
        Assert.AreNotEqual(a.FileSha256, b.FileSha256);
        Assert.AreNotEqual(a.Sha256, Record("""{ "indicators": { "divergence": { "threshold": 0.1 } } }""").Sha256);
    }

    private static PolicyRecord Record(string text)
    {
        var file = Read(text);
        return PolicyRecord.Of(file.Policy, file);
    }

    private static PolicyFile Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static PolicyFile Read(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        return PolicyFile.Read(folder.Write(PolicyFile.DefaultName, bytes));
    }
}
