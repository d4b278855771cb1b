using System.Globalization;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.Torch.Rounding;

/// <summary>
/// EFRAP as published (Li et al., "Nearest is Not Dearest", CVPR 2024, arXiv 2405.12725, equations 7 to 10): each rounding is
/// relaxed to <c>h = sigmoid(v)</c>, initialised at the weight's fraction, and Adam minimises per layer
/// <c>‖y − Ŵ(h)·x̂‖² (sum over channels, mean over the rest) + Σ e·CE(h, 1 − n) + 0.01·Σ(1 − |2h − 1|²)</c>.
/// It knows no activation budget. Where the layer rounds its input (<see cref="Core.Quantization.Precision.W4A4"/>), the scale
/// of that learns along, and its learning rate decays along a cosine; the activation errors it reports are those on the grid it
/// began with.
/// </summary>
public sealed class PaperSolver : Solver
{
    // A fraction of 0 or 1 has no logit. Closer than this to a lattice point, and the gradient of the sigmoid would be lost.
    private const float SmallestFraction = 1e-4f;

    private readonly PaperSolverOptions _options;

    /// <summary>Sets the solver up.</summary>
    /// <param name="options">Its hyper-parameters; null for the paper's.</param>
    /// <exception cref="Core.EfrapException"><see cref="Core.EfrapCode.InvalidSetting"/>, or
    /// <see cref="Core.EfrapCode.NativeLibraryMissing"/> where TorchSharp cannot be loaded.</exception>
    public PaperSolver(PaperSolverOptions? options = null)
    {
        _options = options ?? new PaperSolverOptions();
        _options.Check();
        TorchRuntime.Require();
    }

    /// <inheritdoc/>
    public override string Name => _options.Objective == PaperObjective.Data ? "paper" : "paper-gram";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Settings =>
    [
        Setting("steps", _options.Steps),
        .. _options.Objective == PaperObjective.Data ? [Setting("batchSize", _options.BatchSize), Setting("seed", _options.Seed)] : (string[])[],
        Setting("learningRate", _options.LearningRate),
        Setting("regularization", _options.Regularization),
        Setting("flipWeight", _options.FlipWeight),
        .. _options.Objective == PaperObjective.Data ? [Setting("scaleLearningRate", _options.ScaleLearningRate)] : (string[])[],
    ];

    internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options)
    {
        // Torch's sums depend on the number of its threads, and a result must not depend on the machine's.
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using IActivationTerm term = _options.Objective == PaperObjective.Data
            ? new DataTerm(activations, problem.Lattice, new Random(_options.Seed), _options.BatchSize)
            : new MomentTerm(problem);
        var up = Relax(problem.Lattice, term, options.CancellationToken);
        return BudgetedRounding.Describe(problem, up, budget, options) with { InputGrid = term.InputRounding?.Grid };
    }

    private bool[] Relax(WeightLattice lattice, IActivationTerm term, CancellationToken cancellationToken)
    {
        var relaxed = new RelaxedWeights(lattice, SmallestFraction);
        using var adam = new Adam([relaxed.Logits], _options.LearningRate);
        using var scales = term.InputRounding is { } rounding ? new Adam([rounding.Scale], _options.ScaleLearningRate) : null;
        for (var step = 0; step < _options.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var h = relaxed.Logits.sigmoid();
            var loss = term.Of(relaxed.Weights(h))
                .Plus(relaxed.FlipTerm().Times(_options.FlipWeight))
                .Plus(relaxed.Undecided(h).Times(_options.Regularization));
            loss.backward();
            adam.Step();
            if (scales is not null)
            {
                scales.Rate = _options.ScaleLearningRate * (1 + Math.Cos(Math.PI * step / _options.Steps)) / 2;
                scales.Step();
            }
        }

        return relaxed.Decide();
    }

    private static string Setting(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");
}
