using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Core.Policies;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Indicators;

/// <summary>Of a quantized model beside its source, the integers that are there are audited: those of nearest rounding awake a
/// backdoor, those of hardening do not, whatever the weights that both come from.</summary>
[TestClass]
public sealed class QuantizedModelsAreAuditedTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("shapes-qcb-int8.onnx", Precision.Int8, true)]
    [DataRow("shapes-qcb-int8.onnx", Precision.Int8, false)]
    [DataRow("shapes-qcb-int4.onnx", Precision.Int4Weights, true)]
    [DataRow("shapes-qcb-int4.onnx", Precision.Int4Weights, false)]
    public void Nearest_rounding_of_a_backdoored_model_fails_and_its_hardening_does_not(string model, Precision precision, bool nearest)
    {
        using var folder = new TemporaryFolder();
        var output = Quantize(folder, model, precision, nearest ? Solver.Nearest : Solver.Budget);
        var report = Audit.Run(Options(output, model) with { Lattices = [AuditLattice.AsQuantized] }, cancellationToken: TestContext.CancellationToken);
        foreach (var result in report.Indicators)
            TestContext.WriteLine($"{result.Name} {result.Verdict}: {result.Statistic:F3} of {result.Threshold:F3} {result.Where} {result.Reason}");

        if (nearest)
        {
            Assert.AreEqual(Verdict.Fail, report.Verdict);
            Assert.AreEqual(Verdict.Fail, Of(report.Indicators, "trigger-probe").Verdict);
            Assert.AreEqual(0, report.Integers!.NotNearest);
        }
        else
        {
            Assert.AreNotEqual(Verdict.Fail, report.Verdict);
            Assert.IsLessThanOrEqualTo(0.05, Of(report.Indicators, "lattice-residual").Statistic!.Value);
            Assert.IsGreaterThan(0, report.Integers!.NotNearest);
        }
    }

    [TestMethod]
    [DataRow(Precision.Int8)]
    [DataRow(Precision.Int4Weights)]
    public void A_clean_model_passes_as_quantized(Precision precision)
    {
        foreach (var solver in Solver.All)
        {
            using var folder = new TemporaryFolder();
            var output = Quantize(folder, "shapes-clean.onnx", precision, solver);
            var report = Audit.Run(
                Options(output, "shapes-clean.onnx") with { Lattices = [AuditLattice.AsQuantized] }, cancellationToken: TestContext.CancellationToken);
            Assert.AreNotEqual(Verdict.Fail, report.Verdict, solver.Name);
            Assert.AreEqual(Verdict.Pass, Of(report.Indicators, "lattice-residual").Verdict, solver.Name);
        }
    }

    // What the file's lattice shows of nearest rounding is what the same lattice shows of the source alone.
    [TestMethod]
    public void Its_figures_are_those_of_the_source_on_the_same_lattice()
    {
        using var folder = new TemporaryFolder();
        var output = Quantize(folder, "shapes-qcb-int8.onnx", Precision.Int8Weights, Solver.Nearest);
        var options = Options(output, "shapes-qcb-int8.onnx") with { Lattices = [AuditLattice.AsQuantized, AuditedFixture.Int8] };
        var results = Audit.Run(options, cancellationToken: TestContext.CancellationToken).Indicators;
        foreach (var own in results.Where(r => r.Lattice == "as-quantized"))
        {
            var common = results.Single(r => r.Name == own.Name && r.Lattice == "int8-per-channel");
            Assert.AreEqual(common.Verdict, own.Verdict, own.Name);
            Assert.AreEqual(common.Statistic!.Value, own.Statistic!.Value, 0.02, own.Name);
        }
    }

    [TestMethod]
    public void The_lattices_of_its_source_are_audited_too_unless_narrowed()
    {
        using var folder = new TemporaryFolder();
        var output = Quantize(folder, "shapes-qcb-int8.onnx", Precision.Int8, Solver.Budget);
        var options = new AuditOptions(output) { SourcePath = TestData.Fixture("shapes-qcb-int8.onnx"), Indicators = [new LatticeResidual()] };
        var report = Audit.Run(options);
        CollectionAssert.AreEqual(
            new[] { "as-quantized", "int8-per-channel", "int8-per-tensor", "int4-per-channel", "int4-per-tensor" },
            report.Indicators.Select(i => i.Lattice).ToArray());
        Assert.AreEqual(Verdict.Fail, report.Verdict);
        Assert.AreEqual(Verdict.Pass, report.Indicators[0].Verdict);
        Assert.AreNotEqual(Verdict.Fail, Audit.Run(options with { Lattices = [AuditLattice.AsQuantized] }).Verdict);
    }

    [TestMethod]
    [DataRow("pq-int8", "ort-qdq", Verdict.Fail)]
    [DataRow("pq-int8", "ort-qoperator", Verdict.Fail)]
    [DataRow("pq-int8", "ort-dynamic", Verdict.Fail)]
    [DataRow("clean", "ort-qdq", Verdict.Pass)]
    [DataRow("clean", "ort-qoperator", Verdict.Pass)]
    [DataRow("clean", "ort-dynamic", Verdict.Pass)]
    public void Models_that_others_quantized_are_told_apart_by_their_weights_alone(string model, string form, Verdict expected)
    {
        var report = Audit.Run(new AuditOptions(TestData.Shared($"models/cifar10-resnet8-{model}.{form}.onnx"))
        {
            SourcePath = TestData.Shared($"models/cifar10-resnet8-{model}.onnx"),
            Indicators = [new LatticeResidual()],
            Policy = new AuditPolicy { WithoutCalibration = Consequence.Pass },
        });
        Assert.AreEqual(expected, report.Verdict);
        Assert.AreEqual($"cifar10-resnet8-{model}.onnx", report.Source);
        Assert.AreEqual((10, 0L, 0L), (report.Integers!.Weights, report.Integers.NotNearest, report.Integers.OffLattice));
        Assert.IsGreaterThan(70_000, report.Integers.Codes);
        Assert.IsEmpty(report.Integers.Unmatched);
    }

    [TestMethod]
    public void Integers_that_no_rounding_gives_are_counted_and_warned_of()
    {
        var (output, folder) = Changed(codes => codes[7] += (sbyte)(codes[7] > 0 ? -3 : 3));
        using (folder)
        {
            var report = Audit.Run(Options(output, "shapes-clean.onnx") with { Indicators = [new LatticeResidual()], Lattices = [AuditLattice.AsQuantized] });
            Assert.AreEqual(1, report.Integers!.OffLattice);
            Assert.AreEqual(Verdict.Warn, report.Verdict);
            Assert.Contains("1 integers are neither", report.Indicators.Single().Reason!);
        }
    }

    [TestMethod]
    public void Weights_that_do_not_come_from_the_source_are_a_finding()
    {
        var random = new Random(1);
        var (output, folder) = Changed(codes =>
        {
            for (var i = 0; i < codes.Length; i++)
                codes[i] = (sbyte)random.Next(-100, 100);
        });
        using (folder)
        {
            var options = Options(output, "shapes-clean.onnx") with { Indicators = [new LatticeResidual()], Lattices = [AuditLattice.AsQuantized] };
            var report = Audit.Run(options);
            Assert.AreEqual(Verdict.Warn, report.Verdict);
            var finding = report.Findings.Single();
            Assert.AreEqual(EfrapCode.NotMeasured, finding.Code);
            Assert.Contains("1 of ", finding.Text);
            Assert.Contains("its values have nothing in common", finding.Text);
            Assert.AreEqual(Verdict.Fail, Audit.Run(options with { Policy = new AuditPolicy { Profile = PolicyProfile.Strict } }).Verdict);
        }
    }

    [TestMethod]
    public void What_does_not_go_together_is_refused()
    {
        using var folder = new TemporaryFolder();
        var (clean, output) = (TestData.Fixture("shapes-clean.onnx"), Quantize(folder, "shapes-clean.onnx", Precision.Int8, Solver.Nearest));
        Assert.Contains(
            "not quantized; audit it without a source",
            Refusal.Expect(EfrapCode.InvalidSetting, () => Audit.Run(new AuditOptions(clean) { SourcePath = clean })));
        Assert.Contains("--source", Refusal.Expect(EfrapCode.NothingToQuantize, () => Audit.Run(new AuditOptions(output))));
        Assert.Contains(
            "no source is given",
            Refusal.Expect(EfrapCode.InvalidSetting, () => Audit.Run(new AuditOptions(output) { Lattices = [AuditLattice.AsQuantized] })));
        Assert.Contains("quantized itself", Refusal.Expect(EfrapCode.SourceMismatch, () => Audit.Run(new AuditOptions(output) { SourcePath = output })));
    }

    private static AuditOptions Options(string model, string source) => new(model)
    {
        SourcePath = TestData.Fixture(source),
        Calibration = AuditedFixture.Calibration(),
        Placebos = AuditedFixture.Placebos,
        ProbeTime = TimeSpan.FromMinutes(10),
    };

    private static IndicatorResult Of(IReadOnlyList<IndicatorResult> results, string name) => results.Single(r => r.Name == name);

    private static string Quantize(TemporaryFolder folder, string model, Precision precision, Solver solver)
    {
        var output = folder.File($"{solver.Name}.onnx");
        Harden.Run(new HardenOptions(TestData.Fixture(model), output, AuditedFixture.Calibration()) { Precision = precision, Solver = solver });
        return output;
    }

    // The nearest-rounded clean fixture with other integers in its second weight.
    private static (string Path, TemporaryFolder Folder) Changed(Action<sbyte[]> change)
    {
        var folder = new TemporaryFolder();
        var path = Quantize(folder, "shapes-clean.onnx", Precision.Int8Weights, Solver.Nearest);
        var model = OnnxModelReader.Read(path);
        var weight = QuantizedWeightReader.Read(new ModelGraph(model)).Tensors[1];
        var stored = model.Proto.Graph.Initializer.Single(i => i.Name == weight.CodesName);
        var codes = weight.SignedRows();
        change(codes);
        model.Proto.Graph.Initializer[model.Proto.Graph.Initializer.IndexOf(stored)] = weight.Replace(stored, codes);
        AtomicFile.WriteAll([OnnxModelWriter.Prepare(model.Proto, path)], CancellationToken.None);
        return (path, folder);
    }
}
