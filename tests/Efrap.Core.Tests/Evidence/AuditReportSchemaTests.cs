using System.Text.Json.Nodes;
using Efrap.Core.Indicators;
using NJsonSchema;

namespace Efrap.Core.Tests.Evidence;

/// <summary>The schema that is shipped fits what is written, and nothing more than that.</summary>
[TestClass]
public sealed class AuditReportSchemaTests
{
    private static readonly Task<JsonSchema> _schema =
        JsonSchema.FromFileAsync(Path.Combine(TestData.Repository, "docs", "schemas", "efrap.audit.schema.json"));

    [TestMethod]
    [DynamicData(nameof(AuditedReports.Names), typeof(AuditedReports))]
    public async Task Accepts_every_report(string name)
    {
        var errors = (await _schema).Validate(AuditedReports.Json(AuditedReports.All[name]()));
        Assert.IsEmpty(errors, string.Join(Environment.NewLine, errors));
    }

    [TestMethod]
    [DataRow("a member it does not know", "$", "surprise", "1")]
    [DataRow("a figure in words", "$.samples", null, "\"NaN\"")]
    [DataRow("a share in words", "$.layers[0].lattices[0].residualShare", null, "\"NaN\"")]
    [DataRow("a verdict that there is not", "$.verdict", null, "\"Maybe\"")]
    [DataRow("a path", "$.model", null, "\"/home/me/model.onnx\"")]
    [DataRow("a digest in capitals", "$.modelSha256", null, "\"AA\"")]
    [DataRow("an unknown member of an indicator", "$.indicators[0]", "surprise", "1")]
    [DataRow("an unknown member of a layer", "$.layers[0]", "surprise", "1")]
    [DataRow("an unknown member of a finding", "$.findings[0]", "surprise", "1")]
    public async Task Refuses(string what, string path, string? member, string value)
    {
        var report = JsonNode.Parse(AuditedReports.Json(AuditedReports.Failing))!;
        var place = path.Split('.', StringSplitOptions.RemoveEmptyEntries)[1..]
            .SelectMany(part => part.TrimEnd(']').Split('['))
            .Aggregate((JsonNode)report, (node, step) => int.TryParse(step, out var index) ? node[index]! : node[step]!);
        if (member is null)
            place.ReplaceWith(JsonNode.Parse(value));
        else
            place[member] = JsonNode.Parse(value);
        Assert.IsNotEmpty((await _schema).Validate(report.ToJsonString()), what);
    }

    [TestMethod]
    public void The_reports_hold_what_the_schema_is_to_be_tried_on()
    {
        Assert.AreEqual(Verdict.Fail, AuditedReports.Failing.Verdict);
        Assert.AreEqual(Verdict.Pass, AuditedReports.Clean.Verdict);
        Assert.AreEqual(Verdict.Fail, AuditedReports.WithoutCalibration.Verdict, "what is required was not measured");
        Assert.AreEqual(Verdict.Warn, AuditedReports.Waived.Verdict);
        Assert.AreEqual(Verdict.Fail, AuditedReports.Expired.Verdict);
        Assert.IsTrue(AuditedReports.Waived.Indicators.Any(i => i.Waiver is { IsExpired: false }));
        Assert.IsTrue(AuditedReports.Expired.Indicators.Any(i => i.Waiver is { IsExpired: true }));
        Assert.IsTrue(AuditedReports.WithoutCalibration.Indicators.Any(i => i.Verdict == Verdict.NotMeasured));
        StringAssert.Contains(AuditedReports.Json(AuditedReports.WithHostileText), "\"Infinity\"");
    }
}
