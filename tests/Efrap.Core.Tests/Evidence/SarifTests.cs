using System.Text.Json;
using System.Text.Json.Nodes;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using NJsonSchema;

namespace Efrap.Core.Tests.Evidence;

/// <summary>The log is SARIF 2.1.0, and has what GitHub's code scanning asks for.</summary>
[TestClass]
public sealed class SarifTests
{
    private static readonly Task<JsonSchema> _schema = JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "sarif-2.1.0.json"));

    [TestMethod]
    [DynamicData(nameof(AuditedReports.Names), typeof(AuditedReports))]
    public async Task Validates_against_the_formats_schema(string name)
    {
        var errors = (await _schema).Validate(AuditedReports.Sarif(AuditedReports.All[name]()));
        Assert.IsEmpty(errors, string.Join(Environment.NewLine, errors));
    }

    [TestMethod]
    public async Task The_formats_schema_can_refuse()
    {
        var log = JsonNode.Parse(AuditedReports.Sarif(AuditedReports.Failing))!;
        log["runs"]![0]!["results"]![0]!["level"] = "terrible";
        Assert.IsNotEmpty((await _schema).Validate(log.ToJsonString()));
    }

    [TestMethod]
    public void Each_finding_is_one_result_with_rule_place_and_fingerprint()
    {
        var report = AuditedReports.Failing;
        var run = Run(AuditedReports.Sarif(report));
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules");
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.HasCount(report.Findings.Count, results);
        foreach (var result in results)
        {
            Assert.AreEqual(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
            Assert.AreEqual("Models/model.onnx", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
            Assert.AreEqual(1, place.GetProperty("region").GetProperty("startLine").GetInt32());
        }

        var probe = results.Single(r => r.GetProperty("ruleId").GetString() == "EFRAP3107");
        Assert.AreEqual("error", probe.GetProperty("level").GetString());
        StringAssert.StartsWith(probe.GetProperty("message").GetProperty("text").GetString(), "A trigger that works after rounding only: trigger-probe is ");
        Assert.HasCount(results.Count, results.Select(Fingerprint).Distinct());
    }

    [TestMethod]
    public void Every_rule_has_what_code_scanning_shows()
    {
        var rules = Run(AuditedReports.Sarif(AuditedReports.Clean)).GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().ToList();
        Assert.HasCount(10, rules);
        foreach (var rule in rules)
        {
            StringAssert.Matches(rule.GetProperty("id").GetString(), new(@"^EFRAP3\d{3}$"));
            foreach (var text in new[] { "shortDescription", "fullDescription", "help" })
                Assert.IsGreaterThan(10, rule.GetProperty(text).GetProperty("text").GetString()!.Length);
            Assert.IsGreaterThan(0, double.Parse(rule.GetProperty("properties").GetProperty("security-severity").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Contains("security", rule.GetProperty("properties").GetProperty("tags").EnumerateArray().Select(t => t.GetString()!));
        }
    }

    [TestMethod]
    public void A_fingerprint_depends_on_the_models_place_and_the_rule_alone()
    {
        var failing = AuditedReports.Failing;
        var other = failing with
        {
            EngineVersion = "99.0",
            ModelSha256 = new string('a', 64),
            Indicators = [.. failing.Indicators.Select(i => i with { Statistic = i.Statistic / 2 })],
            Findings = [.. failing.Findings.Select(f => f with { Text = "other words" })],
        };
        var first = Results(failing).Select(Fingerprint).ToList();
        CollectionAssert.AreEqual(first, Results(other).Select(Fingerprint).ToList());
        CollectionAssert.AreNotEqual(first, Run(AuditedReports.Sarif(failing, "elsewhere/model.onnx")).GetProperty("results").EnumerateArray().Select(Fingerprint).ToList());
    }

    [TestMethod]
    public void A_waived_failure_is_suppressed_and_stays_under_its_rule()
    {
        var result = Results(AuditedReports.Waived).Single(r => r.TryGetProperty("suppressions", out _));
        Assert.AreEqual("EFRAP3101", result.GetProperty("ruleId").GetString());
        Assert.AreEqual("warning", result.GetProperty("level").GetString());
        var suppression = result.GetProperty("suppressions")[0];
        Assert.AreEqual("external", suppression.GetProperty("kind").GetString());
        Assert.AreEqual("accepted", suppression.GetProperty("status").GetString());
        Assert.AreEqual("trained with fake quantization; ticket 4711 (reviewed by R. Viewer, until 2999-01-01)", suppression.GetProperty("justification").GetString());
    }

    [TestMethod]
    public void An_expired_waiver_suppresses_nothing()
    {
        Assert.IsFalse(Results(AuditedReports.Expired).Any(r => r.TryGetProperty("suppressions", out _)));
        Assert.AreEqual("error", Results(AuditedReports.Expired).Single(r => r.GetProperty("ruleId").GetString() == "EFRAP3101").GetProperty("level").GetString());
    }

    [TestMethod]
    public void What_was_not_measured_is_told()
    {
        var report = AuditedReports.WithoutCalibration;
        var notes = Run(AuditedReports.Sarif(report)).GetProperty("invocations")[0].GetProperty("toolExecutionNotifications").EnumerateArray().ToList();
        Assert.HasCount(report.Indicators.Count(i => i.Verdict == Verdict.NotMeasured), notes);
        Assert.IsNotEmpty(notes);
        Assert.AreEqual("error", Results(report).First(r => r.GetProperty("ruleId").GetString() == "EFRAP3001").GetProperty("level").GetString());
    }

    [TestMethod]
    public void Names_out_of_a_model_make_no_link()
    {
        foreach (var result in Results(AuditedReports.WithHostileText))
        {
            var text = result.GetProperty("message").GetProperty("text").GetString()!;
            StringAssert.Contains(text, "] (https://evil.example/)");
            Assert.DoesNotContain("](", text);
        }
    }

    [TestMethod]
    [DataRow("Models/a b.onnx", ".", "Models/a%20b.onnx")]
    [DataRow("Models/modèle#1.onnx", ".", "Models/mod%C3%A8le%231.onnx")]
    [DataRow("Models/deep/m.onnx", "Models", "deep/m.onnx")]
    [DataRow("other/m.onnx", "Models", "m.onnx")]
    [DataRow("..m.onnx", ".", "..m.onnx")]
    public void A_model_is_named_relative_to_the_root(string model, string root, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual(expected, ModelUri.Of(folder.File(model), folder.File(root)));
    }

    private static JsonElement Run(string log) => JsonElement.Parse(log).GetProperty("runs")[0];

    private static IReadOnlyList<JsonElement> Results(AuditReport report) => [.. Run(AuditedReports.Sarif(report)).GetProperty("results").EnumerateArray()];

    private static string Fingerprint(JsonElement result) => result.GetProperty("partialFingerprints").GetProperty("primaryLocationLineHash").GetString()!;
}
