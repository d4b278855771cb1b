using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Rounding;
using Efrap.Torch.Rounding;
using static TorchSharp.torch;

namespace Efrap.Torch.Tests.Rounding;

[TestClass]
public sealed class PaperObjectiveTests : TorchTest
{
    private static readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = 1 };

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void The_relaxation_begins_at_the_full_precision_weights(int seed)
    {
        var lattice = new RandomLayer(seed, rows: 4, columns: 9).Lattice;
        var relaxed = new RelaxedWeights(lattice, 1e-4f);
        var weights = relaxed.Weights(relaxed.Logits.sigmoid()).data<float>().ToArray();
        for (var i = 0; i < weights.Length; i++)
            Assert.AreEqual(lattice.Weights.Values[i], weights[i], 1.1e-4f * lattice.Scales[i / 9], $"weight {i}");
    }

    [TestMethod]
    public void The_relaxation_begins_at_the_full_precision_weights_of_an_asymmetric_lattice_too()
    {
        var weights = new RandomLayer(5, rows: 4, columns: 9).Lattice.Weights;
        var lattice = WeightLattice.LeastError(new WeightMatrix([.. weights.Values.Select(w => w + 1)], [4, 9], transposed: false, groups: 1), 4);
        CollectionAssert.AreNotEqual(new sbyte[4], lattice.ZeroPoints);
        var relaxed = new RelaxedWeights(lattice, 1e-4f);
        var values = relaxed.Weights(relaxed.Logits.sigmoid()).data<float>().ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            if (lattice.Movable[i])
                Assert.AreEqual(lattice.Weights.Values[i], values[i], 1.1e-4f * lattice.Scales[i / 9], $"weight {i}");
            else
                Assert.AreEqual(lattice.Value(i / 9, i, lattice.NearestUp[i]), values[i], 1e-6f, $"weight {i}");
        }
    }

    [TestMethod]
    public void The_flip_term_is_the_error_left_times_the_cross_entropy()
    {
        var lattice = new RandomLayer(5, rows: 3, columns: 8).Lattice;
        var relaxed = new RelaxedWeights(lattice, 1e-4f);
        var h = relaxed.Logits.sigmoid().data<float>().ToArray();
        var expected = 0.0;
        for (var i = 0; i < h.Length; i++)
        {
            if (lattice.Movable[i])
                expected -= lattice.TruncationError[i] * Math.Log(lattice.NearestUp[i] ? 1 - h[i] : h[i]);
        }

        Assert.AreEqual(expected, relaxed.FlipTerm().item<float>(), 1e-4 * expected);
    }

    [TestMethod]
    public void The_moments_give_the_activation_error_of_any_rounding()
    {
        foreach (var groups in (int[])[1, 2])
        {
            var layer = new RandomLayer(7, rows: 6, columns: 10, groups);
            using var term = new MomentTerm(layer.Problem);
            var random = new Random(3);
            for (var draw = 0; draw < 5; draw++)
            {
                var up = layer.Lattice.Movable.Select((movable, i) => movable ? random.Next(2) == 1 : layer.Lattice.NearestUp[i]).ToArray();
                var codes = layer.Lattice.Codes(up);
                var weights = tensor(codes.Select((c, i) => c * layer.Lattice.Scales[i / 10]).ToArray()).reshape(6, 10);
                var expected = CoordinateDescent.ActivationErrorOf(layer.Problem, up, _options);
                Assert.AreEqual(expected, term.Of(weights).item<float>(), 1e-4 * expected);
            }
        }
    }

    [TestMethod]
    public void Without_data_to_preserve_every_weight_is_flipped()
    {
        var layer = new RandomLayer(11, rows: 4, columns: 12);
        var problem = layer.Problem with
        {
            Gram = new float[layer.Problem.Gram.Length],
            Cross = new float[layer.Problem.Cross.Length],
        };
        var rounding = Solve(problem, new PaperSolverOptions { Objective = PaperObjective.Moments, Steps = 3000, Regularization = 0, LearningRate = 0.05 });
        for (var i = 0; i < rounding.Up.Length; i++)
            Assert.AreEqual(layer.Lattice.Movable[i] ? !layer.Lattice.NearestUp[i] : layer.Lattice.NearestUp[i], rounding.Up[i], $"weight {i}");
    }

    [TestMethod]
    public void Without_a_flip_term_activations_are_kept_better_than_by_nearest_rounding()
    {
        var (ours, nearest) = (0.0, 0.0);
        for (var seed = 0; seed < 5; seed++)
        {
            var layer = new RandomLayer(20 + seed, rows: 4, columns: 16);
            var rounding = Solve(layer.Problem, new PaperSolverOptions { Objective = PaperObjective.Moments, Steps = 2000, FlipWeight = 0, LearningRate = 0.01 });
            ours += rounding.Error;
            nearest += rounding.NearestError;
        }

        Assert.IsLessThan(0.8 * nearest, ours);
    }

    [TestMethod]
    public void Weights_without_a_choice_stay()
    {
        var weights = new WeightMatrix([1f, 0.5f, -1f, 0f, 0.3f, 7f / 7], [2, 3], transposed: false, groups: 1);
        var lattice = WeightLattice.PerChannel(weights, 4);
        var problem = new LayerProblem(lattice, [1, 0, 0, 0, 1, 0, 0, 0, 1], new float[6], new double[2]);
        var rounding = Solve(problem, new PaperSolverOptions { Objective = PaperObjective.Moments, Steps = 50 });
        for (var i = 0; i < 6; i++)
        {
            if (!lattice.Movable[i])
                Assert.AreEqual(lattice.NearestUp[i], rounding.Up[i], $"weight {i}");
        }

        Assert.AreEqual(4, lattice.Movable.Count(m => !m));
    }

    // The data are not looked at where the moments are.
    private static LayerRounding Solve(LayerProblem problem, PaperSolverOptions options) =>
        new PaperSolver(options).Round(problem, null!, 0.5, _options);
}
