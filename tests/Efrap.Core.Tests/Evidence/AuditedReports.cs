using System.Text;
using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Evidence.Sarif;
using Efrap.Core.Evidence.Statements;
using Efrap.Core.Indicators;
using Efrap.Core.Policies;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Indicators;

namespace Efrap.Core.Tests.Evidence;

/// <summary>Real audits with every kind of content, each made once for all tests that look at it.</summary>
internal static class AuditedReports
{
    private static readonly Lazy<AuditReport> _failing = new(() => Run("shapes-qcb-int8.onnx", AuditedFixture.Calibration(96), new AuditPolicy()));
    private static readonly Lazy<AuditReport> _clean = new(() => Run("shapes-clean.onnx", AuditedFixture.Calibration(64), new AuditPolicy()));
    private static readonly Lazy<AuditReport> _withoutCalibration = new(() => Run("shapes-clean.onnx", null, Requiring("trigger-probe")));
    private static readonly Lazy<AuditReport> _waived = new(() => Run("shapes-qcb-int8.onnx", null, Waiving(Failing.ModelSha256, new DateOnly(2999, 1, 1))));
    private static readonly Lazy<AuditReport> _expired = new(() => Run("shapes-qcb-int8.onnx", null, Waiving(Failing.ModelSha256, new DateOnly(2020, 1, 1))));
    private static readonly Lazy<AuditReport> _quantized = new(Quantized);
    private static readonly Lazy<AuditReport> _hostile = new(() => Hostile(Failing));

    /// <summary>A backdoored model that fails at int8, measured with all indicators.</summary>
    public static AuditReport Failing => _failing.Value;

    /// <summary>A clean model that passes.</summary>
    public static AuditReport Clean => _clean.Value;

    /// <summary>A clean model without samples, under a policy that requires the trigger probe.</summary>
    public static AuditReport WithoutCalibration => _withoutCalibration.Value;

    /// <summary>The backdoored model, its one failure waived.</summary>
    public static AuditReport Waived => _waived.Value;

    /// <summary>The same when the waiver has expired.</summary>
    public static AuditReport Expired => _expired.Value;

    /// <summary>The backdoored model's hardened form, beside the model.</summary>
    public static AuditReport AsQuantized => _quantized.Value;

    /// <summary>The failing report with names and reasons that try to be more than text, and with figures that are no numbers.</summary>
    public static AuditReport WithHostileText => _hostile.Value;

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, Func<AuditReport>> All { get; } = new Dictionary<string, Func<AuditReport>>
    {
        ["failing"] = () => Failing,
        ["clean"] = () => Clean,
        ["without calibration"] = () => WithoutCalibration,
        ["waived"] = () => Waived,
        ["expired"] = () => Expired,
        ["quantized"] = () => AsQuantized,
        ["hostile"] = () => WithHostileText,
    };

    /// <summary>The names, as rows of a test.</summary>
    public static IEnumerable<object[]> Names => All.Keys.Select(k => new object[] { k });

    /// <summary>What is no number or no word, in the places that a model or a policy fills.</summary>
    public const string Attack = "<script>alert(1)</script>\" onload='x' ](https://evil.example/) {0} \u202e\u0007";

    /// <summary>The JSON report.</summary>
    public static string Json(AuditReport report) => Text(stream => ReportJson.Write(report, stream));

    /// <summary>The SARIF log.</summary>
    public static string Sarif(AuditReport report, string uri = "Models/model.onnx") => Text(stream => SarifJson.Write(SarifLog.Of(report, uri), stream));

    /// <summary>The in-toto statement.</summary>
    public static string Statement(AuditReport report) => Text(stream => ReportJson.Write(AuditPredicate.State(report), stream));

    /// <summary>What is written to a stream, as text.</summary>
    public static string Text(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static AuditReport Run(string model, CalibrationOptions? calibration, AuditPolicy policy) => Audit.Run(
        new AuditOptions(TestData.Fixture(model))
        {
            Calibration = calibration,
            Lattices = calibration is null ? AuditLattice.Common : [AuditedFixture.Int8],
            Placebos = 3,
            Policy = policy,
            ProbeTime = TimeSpan.FromMinutes(10),
        });

    private static AuditReport Quantized()
    {
        using var folder = new TemporaryFolder();
        var (source, output) = (TestData.Fixture("shapes-qcb-int8.onnx"), folder.File("hardened.onnx"));
        Harden.Run(new HardenOptions(source, output, AuditedFixture.Calibration(32)));
        var report = Audit.Run(new AuditOptions(output) { SourcePath = source, Placebos = 3 });
        return report with
        {
            Integers = report.Integers! with { Unmatched = [new SkippedNode("lstm", "LSTM", "the weights of LSTM are not read")] },
        };
    }

    private static AuditPolicy Requiring(string indicator) =>
        new() { Indicators = new Dictionary<string, IndicatorRule> { [indicator] = new() { Required = true, Threshold = 0.4, Severity = Consequence.Fail } } };

    private static AuditPolicy Waiving(string model, DateOnly expires) =>
        new() { Waivers = [new Waiver(model, "lattice-residual", "trained with fake quantization; ticket 4711", "R. Viewer", expires)] };

    private static AuditReport Hostile(AuditReport report) => report with
    {
        Model = "model " + Attack.Replace('/', '-') + ".onnx",
        Indicators =
        [
            .. report.Indicators.Select((i, index) => i with
            {
                Where = $"layer {Attack}",
                Reason = Attack,
                Statistic = index == 0 ? double.NaN : i.Statistic,
                Threshold = index == 0 ? double.PositiveInfinity : i.Threshold,
                Placebos = index == 0 ? [double.NaN, double.PositiveInfinity] : i.Placebos,
                Waiver = index == 0 ? new AppliedWaiver(Attack, Attack, new DateOnly(2999, 1, 1), IsExpired: false) : null,
            }),
        ],
        Findings = [.. report.Findings.Select(f => f with { Text = $"{f.Text} {Attack}", Waiver = new AppliedWaiver(Attack, Attack, new DateOnly(2999, 1, 1), IsExpired: false) })],
        Layers =
        [
            .. report.Layers.Select(l => l with
            {
                Name = Attack,
                Lattices = [.. l.Lattices.Select(f => f with { NormRatio = double.NaN, ActivationDrift = double.PositiveInfinity })],
            }),
        ],
    };
}
