using Efrap.Core.Evidence;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Hardening;

[TestClass]
public sealed class EveryLayerKeepsItsBudgetTests
{
    private const double Budget = 0.5;

    public TestContext TestContext { get; set; } = null!;

    // Out of reach means: even with activations alone in view, without any flip for the truncation error's sake, the
    // layer keeps more than the budget. Then that rounding stands, the report says so, and it is never worse than nearest.
    [TestMethod]
    [DynamicData(nameof(Fixtures))]
    public void Within_the_budget_or_reported_as_out_of_reach(string model, Precision precision)
    {
        foreach (var layer in HardenFixture(model, precision, Solver.Budget).Layers)
        {
            TestContext.WriteLine($"{layer.Name}: ratio {layer.Ratio:F3}, k {layer.Penalty:F2}, inherited {layer.InheritedError / layer.ActivationErrorNearest:F3}");
            if (layer.BudgetMet)
            {
                Assert.IsLessThanOrEqualTo(Budget * layer.ActivationErrorNearest, layer.ActivationError, layer.Name);
            }
            else
            {
                Assert.AreEqual(0.0, layer.Penalty, layer.Name);
                Assert.IsLessThanOrEqualTo(layer.ActivationErrorNearest, layer.ActivationError, layer.Name);
            }
        }
    }

    // What the budgets are for: the model's output is at least twice as close to the full-precision one as after nearest
    // rounding. Not each layer in between is: a backdoor's own roundings can balance each other where ours have to undo
    // them. Quantized activations add an error to both that no rounding removes, so this is about float activations.
    [TestMethod]
    [DynamicData(nameof(WeightOnlyFixtures))]
    public void The_output_is_twice_as_close_as_after_nearest_rounding(string model, Precision precision)
    {
        var hardened = HardenFixture(model, precision, Solver.Budget).Layers;
        var nearest = HardenFixture(model, precision, Solver.Nearest).Layers;
        foreach (var (ours, theirs) in hardened.Zip(nearest))
            TestContext.WriteLine($"{ours.Name}: {ours.ActivationError / theirs.ActivationError:F3}");

        Assert.AreEqual("classifier", hardened[^1].Name);
        Assert.IsLessThanOrEqualTo(Budget * nearest[^1].ActivationError, hardened[^1].ActivationError);
    }

    public static IEnumerable<(string Model, Precision Precision)> Fixtures =>
        from model in FixtureModels from precision in Enum.GetValues<Precision>() select (model, precision);

    public static IEnumerable<(string Model, Precision Precision)> WeightOnlyFixtures =>
        Fixtures.Where(f => f.Precision != Precision.Int8);

    private static IEnumerable<string> FixtureModels => ["shapes-clean.onnx", "shapes-qcb-int8.onnx", "shapes-qcb-int4.onnx"];

    private HardenReport HardenFixture(string model, Precision precision, Solver solver)
    {
        using var folder = new TemporaryFolder();
        return Harden.Run(
            new HardenOptions(
                TestData.Fixture(model),
                folder.File("hardened.onnx"),
                AttackMeasurement.Shapes.Calibration(TestData.Fixture("shapes-calibration.npz")))
            {
                Precision = precision,
                Solver = solver,
                Budget = Budget,
            },
            cancellationToken: TestContext.CancellationToken);
    }
}
