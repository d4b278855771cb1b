using Efrap.Core.Indicators;
using Efrap.Core.Quantization;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class LatticeResidualTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_clean_model_has_about_two_per_cent_on_every_lattice()
    {
        var results = Measure(TestData.Fixture("shapes-clean.onnx"), AuditLattice.Common);
        Assert.HasCount(4, results);
        foreach (var result in results)
        {
            Assert.AreEqual(Verdict.Pass, result.Verdict, result.Lattice);
            Assert.AreEqual(0.03, result.Statistic!.Value, 0.03, result.Lattice);
            Assert.AreEqual(0.04, result.Placebos.Average(), 0.03, "a shifted lattice is as good as any");
        }
    }

    [TestMethod]
    public void A_model_trained_at_the_edges_of_int8_fails_there()
    {
        var result = Measure(TestData.Fixture("shapes-qcb-int8.onnx"), [new CommonLattice(8, Granularity.PerChannel)]).Single();
        Assert.AreEqual(Verdict.Fail, result.Verdict);
        Assert.IsGreaterThan(result.Threshold!.Value, result.Interval!.Low);
    }

    [TestMethod]
    [DataRow("cifar10-resnet8-pq-int8.onnx", 8, Verdict.Fail)]
    [DataRow("cifar10-resnet8-clean.onnx", 8, Verdict.Pass)]
    [DataRow("cifar10-resnet8-clean.onnx", 4, Verdict.Pass)]
    public void Models_of_others_are_told_apart(string model, int bits, Verdict expected) =>
        Assert.AreEqual(expected, Measure(TestData.Shared($"models/{model}"), [new CommonLattice(bits, Granularity.PerChannel)]).Single().Verdict);

    private IReadOnlyList<IndicatorResult> Measure(string model, IReadOnlyList<AuditLattice> lattices)
    {
        var results = Audit.Run(new AuditOptions(model) { Lattices = lattices, Indicators = [new LatticeResidual()] }).Indicators;
        foreach (var result in results)
            TestContext.WriteLine($"{Path.GetFileName(model)} {result.Lattice}: {result.Statistic:F3} {result.Where}");
        return results;
    }
}
