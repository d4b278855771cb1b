using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Torch.Runtime;
using TorchSharp;

namespace Efrap.Torch.Tests.Nets;

[TestClass]
public sealed class TrainingLowersTheLossTests : TorchTest
{
    [TestMethod]
    [DataRow(LabNets.Residual, 0.02)]
    [DataRow(LabNets.Plain, 0.02)]
    [DataRow(LabNets.Separable, 0.02)]
    [DataRow(LabNets.Encoder, 0.05)]
    public void A_few_steps_on_few_samples_lower_the_loss_on_them(string name, double rate)
    {
        using var net = LabNets.Make(name);
        using var batch = Batch.From(LabNets.DataFor(name).Draw(SamplePurpose.Training, 0, 20));
        using var descent = new MomentumDescent(net.parameters(), decay: 0, sparsity: 0);
        var losses = Enumerable.Range(0, 30).Select(_ => Step(net, batch, descent, rate)).ToArray();
        Assert.IsLessThan(losses[0] / 2, losses[^1], $"losses {string.Join(' ', losses)}");
    }

    [TestMethod]
    [DataRow(LabNets.Residual)]
    [DataRow(LabNets.Encoder)]
    public void The_same_seed_trains_the_same_weights(string name)
    {
        CollectionAssert.AreEqual(Trained(), Trained());

        float[] Trained()
        {
            TorchRuntime.Start(seed: 5, threads: 1);
            using var net = LabNets.Make(name);
            new CleanTraining(new TrainingPlan(1, 5, 20, 0.1)).Train(net, new SampleSource(LabNets.DataFor(name), SamplePurpose.Training));
            return [.. net.WeightLayers().SelectMany(l => l.Values())];
        }
    }

    [TestMethod]
    public void A_cancelled_training_stops()
    {
        using var net = new ResidualNet(ShapeGeometry.Count);
        var training = new CleanTraining(new TrainingPlan(1000, 64, 20, 0.1));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.Throws<OperationCanceledException>(
            () => training.Train(net, new SampleSource(new ShapeImages(1), SamplePurpose.Training), null, cancellation.Token));
    }

    private static float Step(LabNet net, Batch batch, MomentumDescent descent, double rate)
    {
        using var scope = torch.NewDisposeScope();
        var loss = torch.nn.functional.cross_entropy(net.forward(batch.Inputs), batch.Labels);
        loss.backward();
        descent.Step(rate);
        return loss.item<float>();
    }
}
