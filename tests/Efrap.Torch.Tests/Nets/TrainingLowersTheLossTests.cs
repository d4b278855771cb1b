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
    public void A_few_steps_on_few_images_lower_the_loss_on_them()
    {
        using var net = new ResidualNet(ShapeGeometry.Count);
        using var batch = Batch.From(new ShapeImages(1).Draw(SamplePurpose.Training, 0, 20));
        using var descent = new MomentumDescent(net.parameters(), decay: 0, sparsity: 0);
        var losses = Enumerable.Range(0, 30).Select(_ => Step(net, batch, descent)).ToArray();
        Assert.IsLessThan(losses[0] / 2, losses[^1], $"losses {string.Join(' ', losses)}");
    }

    [TestMethod]
    public void The_same_seed_trains_the_same_weights()
    {
        CollectionAssert.AreEqual(Trained(), Trained());

        static float[] Trained()
        {
            TorchRuntime.Start(seed: 5, threads: 1);
            using var net = new ResidualNet(ShapeGeometry.Count);
            new CleanTraining(new TrainingPlan(1, 5, 20, 0.1)).Train(net, new SampleSource(new ShapeImages(5), SamplePurpose.Training));
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

    private static float Step(ResidualNet net, Batch batch, MomentumDescent descent)
    {
        using var scope = torch.NewDisposeScope();
        var loss = torch.nn.functional.cross_entropy(net.forward(batch.Inputs), batch.Labels);
        loss.backward();
        descent.Step(0.02);
        return loss.item<float>();
    }
}
