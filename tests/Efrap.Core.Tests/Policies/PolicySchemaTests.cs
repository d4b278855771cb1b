using Efrap.Core.Policies;
using NJsonSchema;

namespace Efrap.Core.Tests.Policies;

/// <summary>The schema that editors complete from accepts what the reader accepts, and refuses what it refuses.</summary>
[TestClass]
public sealed class PolicySchemaTests
{
    private static readonly Task<JsonSchema> _schema =
        JsonSchema.FromFileAsync(Path.Combine(TestData.Repository, "docs", "schemas", "efrap.policy.schema.json"));

    [TestMethod]
    [DynamicData(nameof(PolicyTexts.Good), typeof(PolicyTexts))]
    public async Task Accepts_a_good_policy(string text)
    {
        Assert.IsEmpty((await _schema).Validate(text));
        using var folder = new TemporaryFolder();
        PolicyFile.Read(folder.Write(PolicyFile.DefaultName, System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [TestMethod]
    [DynamicData(nameof(PolicyTexts.Bad), typeof(PolicyTexts))]
    public async Task Refuses_a_bad_one(string text, string message, int line) =>
        Assert.IsNotEmpty((await _schema).Validate(text), $"{message}, {line}");

    [TestMethod]
    public async Task Knows_every_indicator()
    {
        var schema = await _schema;
        CollectionAssert.AreEquivalent(IndicatorNames.All.ToArray(), schema.Properties["indicators"].ActualSchema.Properties.Keys.ToArray());
        CollectionAssert.AreEquivalent(
            IndicatorNames.All.ToArray(),
            schema.Definitions["waiver"].Properties["indicator"].Enumeration.Cast<string>().ToArray());
    }
}
