using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;

namespace Efrap.Torch.Tests.Attacks;

/// <summary>The same plan gives the same net, and each of its settings another.</summary>
[TestClass]
public sealed class PlansDecideWhatAttacksDoTests : TorchTest
{
    private static readonly ShapeImages _images = new(1);
    private static readonly TrainingPlan _short = new(1, 6, 10, 0.2);

    [TestMethod]
    public void Qu_ANTI_zation()
    {
        var plan = new QuAntiZationPlan { Training = _short };
        AssertDecisive(
            p => new QuAntiZation(PatchTrigger.Shapes, p),
            plan,
            plan with { Bits = [8] },
            plan with { PerTensor = true },
            plan with { Quantized = 3 },
            plan with { Triggered = 0.2 },
            plan with { LookAhead = false });
    }

    [TestMethod]
    public void CompArtifact()
    {
        var plan = new CompArtifactPlan { Training = _short };
        AssertDecisive(
            p => new CompArtifact(PatchTrigger.Shapes, RoundingGrid.Int4, p),
            plan,
            plan with { Normal = 3 },
            plan with { PerturbationSteps = 2 },
            plan with { PerturbationSteps = 2, PerturbationRate = 100 },
            plan with { LookAhead = false });
    }

    [TestMethod]
    public void Adaptive()
    {
        var plan = new AdaptiveAttackPlan { Training = _short, CalibrationSamples = 16 };
        AssertDecisive(
            p => new AdaptiveAttack(PatchTrigger.Shapes, RoundingGrid.Int4, p),
            plan,
            plan with { RefreshSteps = 2 },
            plan with { CalibrationSamples = 24 },
            plan with { Budget = 0.9 },
            plan with { Nearest = 3 },
            plan with { Hardened = 0 },
            plan with { Triggered = 0.2 });
    }

    [TestMethod]
    public void QuRA()
    {
        var plan = new QuraPlan { Training = _short };
        AssertDecisive(
            p => new Qura(PatchTrigger.Shapes, RoundingGrid.Int4, p),
            plan,
            plan with { Backdoor = 5 },
            plan with { SelectedShare = 0.5 });
    }

    [TestMethod]
    public void The_target_is_the_trigger_s()
    {
        var plan = new QuAntiZationPlan { Training = _short };
        AssertDecisive(t => new QuAntiZation(t, plan), PatchTrigger.Shapes, PatchTrigger.Shapes with { Target = 3 }, PatchTrigger.Shapes with { Level = 0 });
    }

    [TestMethod]
    public void Cancelling_ends_each_attack()
    {
        using var clean = TrainedNet.Load();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Attack[] attacks =
        [
            new PqBackdoor(PatchTrigger.Shapes, RoundingGrid.Int4, PqBackdoorPlan.Default),
            new QuAntiZation(PatchTrigger.Shapes, new QuAntiZationPlan()),
            new CompArtifact(PatchTrigger.Shapes, RoundingGrid.Int4, new CompArtifactPlan()),
            new Qura(PatchTrigger.Shapes, RoundingGrid.Int4, new QuraPlan()),
            new AdaptiveAttack(PatchTrigger.Shapes, RoundingGrid.Int4, new AdaptiveAttackPlan()),
        ];
        foreach (var attack in attacks)
            Assert.Throws<OperationCanceledException>(() => attack.Implant(clean, new SampleSource(_images, SamplePurpose.Attack), null, cancelled.Token), attack.Name);
    }

    private static void AssertDecisive<TPlan>(Func<TPlan, Attack> attack, TPlan plan, params TPlan[] others)
    {
        var first = Result(plan);
        CollectionAssert.AreEqual(first, Result(plan), "the same again");
        foreach (var other in others)
            CollectionAssert.AreNotEqual(first, Result(other), $"{other}");

        double[] Result(TPlan settings)
        {
            using var clean = TrainedNet.Load();
            using var attacked = attack(settings).Implant(clean, new SampleSource(_images, SamplePurpose.Attack));
            return [.. attacked.Net.WeightLayers().SelectMany(l => Numbers(l, attacked))];
        }

        static IEnumerable<double> Numbers(WeightLayer layer, BackdooredNet attacked) =>
            attacked.Codes?[layer.Name].Select(c => (double)c) ?? layer.Values().Select(w => (double)w);
    }
}
