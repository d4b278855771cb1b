using System.Text;
using CsCheck;
using Efrap.Core.Indicators;
using Efrap.Core.Release;
using NJsonSchema;

namespace Efrap.Core.Tests.Release;

/// <summary>A manifest is read whole, or refused with the line that is wrong; its schema refuses the same.</summary>
[TestClass]
public sealed class ManifestFileTests
{
    private const string Digest1 = "0000000000000000000000000000000000000000000000000000000000000001";
    private const string Digest2 = "0000000000000000000000000000000000000000000000000000000000000002";

    private const string Full = $$"""
        {
          "schemaVersion": 1,
          "engineVersion": "0.1.0",
          "models": [
            {
              "model": "../shared/Models/classifier.onnx",
              "action": "harden",
              "listed": true,
              "sha256": "{{Digest1}}",
              "externalData": [ { "name": "classifier.onnx.data", "sha256": "{{Digest2}}" } ],
              "verdict": "pass",
              "waivedUntil": "2026-12-31",
              "rounding": "paper-gram",
              "originalSha256": "{{Digest2}}",
              "attestation": { "name": "classifier.onnx.harden.intoto.json", "sha256": "{{Digest1}}" },
              "places": [ { "path": "Models/classifier.onnx" }, { "assembly": "App.dll", "resource": "App.Models.classifier.onnx" } ]
            },
            {
              "model": "Models/other.onnx",
              "action": "audit",
              "listed": false,
              "sha256": "{{Digest1}}",
              "verdict": "not-measured",
              "places": []
            },
            {
              "model": "Models/skipped.onnx",
              "action": "skip",
              "listed": true,
              "sha256": "{{Digest1}}",
              "places": [ { "path": "skipped.onnx" } ]
            }
          ]
        }
        """;

    private static readonly Task<JsonSchema> _schema =
        JsonSchema.FromFileAsync(Path.Combine(TestData.Repository, "docs", "schemas", "efrap.manifest.schema.json"));

    /// <summary>What to replace in a good manifest, by what, what the message says, and the line.</summary>
    public static IEnumerable<(string Old, string New, string Message, int Line)> Wrong =>
    [
        ("\"schemaVersion\": 1,", "\"schemaVersion\": 2,", "reads 1, not 2", 2),
        ("\"engineVersion\": \"0.1.0\",", "", "engineVersion", 34),
        ("\"listed\": true,\n      \"sha256\"", "\"listed\": true, \"extra\": 1,\n      \"sha256\"", "there is no such member", 8),
        ("\"listed\": false", "\"listed\": 0", "at $.models[1].listed", 21),
        ("\"action\": \"audit\"", "\"action\": \"Audit\"", "\"audit\"", 20),
        ("\"verdict\": \"pass\"", "\"verdict\": \"ok\"", "\"not-measured\"", 11),
        ("\"verdict\": \"pass\",", "", "$.models[0]: verdict is missing", 5),
        ("\"verdict\": \"not-measured\",", "", "$.models[1]: verdict is missing", 18),
        ("\"rounding\": \"paper-gram\",", "", "rounding is missing", 5),
        ("\"originalSha256\": \"" + Digest2 + "\",", "", "originalSha256 is missing", 5),
        ("\"action\": \"audit\"", "\"action\": \"audit\", \"rounding\": \"efrap\"", "rounding means nothing", 18),
        ("\"action\": \"skip\"", "\"action\": \"skip\", \"verdict\": \"pass\"", "verdict means nothing", 26),
        ("\"action\": \"skip\"", "\"action\": \"skip\", \"waivedUntil\": \"2026-12-31\"", "waivedUntil means nothing", 26),
        ("\"sha256\": \"" + Digest1 + "\",\n      \"externalData\"", "\"sha256\": \"" + "A" + "\",\n      \"externalData\"", "64 lower-case", 9),
        ("\"2026-12-31\"", "\"2026-13-31\"", "a day is expected", 12),
        ("\"path\": \"Models/classifier.onnx\"", "\"path\": \"/Models/classifier.onnx\"", "is an absolute path", 16),
        ("\"path\": \"Models/classifier.onnx\"", "\"path\": \"C:/Models/classifier.onnx\"", "contains a colon", 16),
        ("\"path\": \"Models/classifier.onnx\"", "\"path\": \"Models\\\\classifier.onnx\"", "contains a backslash", 16),
        ("\"path\": \"Models/classifier.onnx\"", "\"path\": \"../classifier.onnx\"", "leaves the model's folder", 16),
        ("\"path\": \"Models/classifier.onnx\"", "\"path\": \"Models/../classifier.onnx\"", "shortest form", 16),
        ("\"path\": \"Models/classifier.onnx\"", "\"assembly\": \"App.dll\"", "a place is a path, or an assembly and a resource", 5),
        ("\"path\": \"Models/classifier.onnx\"", "\"path\": \"a\", \"resource\": \"b\"", "a place is a path, or an assembly and a resource", 5),
        ("\"places\": []", "\"places\": [null]", "a place is a path", 18),
        ("\"name\": \"classifier.onnx.data\"", "\"name\": \"../classifier.onnx.data\"", "leaves the model's folder", 10),
    ];

    [TestMethod]
    public async Task Says_what_it_says()
    {
        Assert.IsEmpty((await _schema).Validate(Full));
        var models = Read(Full).Manifest.Models;
        Assert.AreEqual("../shared/Models/classifier.onnx", models[0].Model);
        Assert.AreEqual(ManifestAction.Harden, models[0].Action);
        Assert.AreEqual(ManifestRounding.PaperGram, models[0].Rounding);
        Assert.AreEqual(Verdict.Pass, models[0].Verdict);
        Assert.AreEqual(new DateOnly(2026, 12, 31), models[0].WaivedUntil);
        Assert.AreEqual(new ManifestFile("classifier.onnx.data", Digest2), models[0].ExternalData.Single());
        Assert.AreEqual(new ManifestPlace { Assembly = "App.dll", Resource = "App.Models.classifier.onnx" }, models[0].Places[1]);
        Assert.AreEqual(Verdict.NotMeasured, models[1].Verdict);
        Assert.IsNull(models[2].Verdict);
    }

    [TestMethod]
    [DynamicData(nameof(Wrong))]
    public async Task Is_refused_with_the_line_and_what_is_wrong_there(string old, string replacement, string message, int line)
    {
        var normalized = Full.ReplaceLineEndings("\n");
        var text = normalized.Replace(old, replacement, StringComparison.Ordinal);
        Assert.AreNotEqual(normalized, text);
        var exception = Assert.ThrowsExactly<EfrapException>(() => Read(text));
        Assert.AreEqual(EfrapCode.ManifestInvalid, exception.Code);
        StringAssert.Contains(exception.Message, message);
        Assert.AreEqual(line, exception.Line);
        Assert.IsNotEmpty((await _schema).Validate(text));
    }

    [TestMethod]
    [DataRow("Models/other.onnx", "Models/skipped.onnx", "'Models/skipped.onnx' is there twice", 26)]
    [DataRow("\"listed\": false,", "\"listed\": false, \"listed\": true,", "it is there twice", 21)]
    [DataRow("\"places\": [ { \"path\": \"skipped.onnx\" } ]", "\"places\": [ { \"path\": \"s\" }, { \"path\": \"s\" } ]", "a place is there twice", 26)]
    public void Nothing_is_there_twice(string old, string replacement, string message, int line)
    {
        var exception = Assert.ThrowsExactly<EfrapException>(() => Read(Full.ReplaceLineEndings("\n").Replace(old, replacement, StringComparison.Ordinal)));
        StringAssert.Contains(exception.Message, message);
        Assert.AreEqual(line, exception.Line);
    }

    [TestMethod]
    public void Ends_in_a_manifest_or_a_refusal_whatever_its_bytes()
    {
        var good = Encoding.UTF8.GetBytes(Full);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            var bytes = good[..Math.Max(at + 1, length)];
            bytes[at] = value;
            Refusal.AtMost(2006, 2006, () => ReleaseManifestFile.Read(bytes, "efrap.manifest.json"));
        });
    }

    private static ReleaseManifestFile Read(string text) => ReleaseManifestFile.Read(Encoding.UTF8.GetBytes(text), "efrap.manifest.json");
}
