using Efrap.Core.Indicators;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class AuditOrderTests
{
    [TestMethod]
    public void What_is_dear_comes_last_and_first_where_the_others_point()
    {
        var order = new List<string>();
        var figures = new Dictionary<string, double> { ["int8-per-channel"] = 0.1, ["int8-per-tensor"] = 0.3, ["int4-per-channel"] = 0.9, ["int4-per-tensor"] = 0.2 };
        var report = Audit.Run(new AuditOptions(TestData.Fixture("shapes-clean.onnx"))
        {
            Indicators = [new Fake("dear", isDear: true, _ => 0, order), new Fake("cheap", isDear: false, lattice => figures[lattice], order)],
        });
        CollectionAssert.AreEqual(
            (string[])[
                "cheap int8-per-channel", "cheap int8-per-tensor", "cheap int4-per-channel", "cheap int4-per-tensor",
                "dear int4-per-channel", "dear int8-per-tensor", "dear int4-per-tensor", "dear int8-per-channel"],
            order);
        CollectionAssert.AreEqual(
            (string[])["dear int8-per-channel", "cheap int8-per-channel", "dear int8-per-tensor", "cheap int8-per-tensor"],
            report.Indicators.Take(4).Select(r => $"{r.Name} {r.Lattice}").ToArray(),
            "the report goes lattice by lattice, in the order that was asked for");
        CollectionAssert.AreEquivalent((string[])["dear", "cheap"], report.Timings.Select(t => t.Step).ToArray());
    }

    private sealed class Fake(string name, bool isDear, Func<string, double> figure, List<string> order) : Indicator
    {
        public override string Name => name;

        public override EfrapCode Code => EfrapCode.Agreement;

        internal override bool IsDear => isDear;

        internal override IndicatorResult Measure(
            AuditSubject subject, AuditLattice lattice, IProgress<(string Step, double Done)>? progress, CancellationToken cancellationToken)
        {
            order.Add($"{name} {lattice.Name}");
            return new IndicatorResult(name, lattice.Name, Verdict.Pass) { Statistic = figure(lattice.Name), Threshold = 1, Advice = "-" };
        }
    }
}
