using Efrap.Torch.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Parameter = TorchSharp.Modules.Parameter;

namespace Efrap.Torch.Inversion;

/// <summary>
/// The search for one trigger that moves the rounded model to one class and leaves the full-precision model where it is
/// (after Wang et al., "Neural Cleanse", IEEE S&amp;P 2019, with the second model as the reference): Adam minimises
/// <c>CE(Q(x'), t) + CE(F(x'), F(x)) + size·mean(m)</c>.
/// </summary>
internal sealed class ClassInversion : IDisposable
{
    private const double LearningRate = 0.1;
    private const double FirstMask = -2;

    private readonly TriggerSpace _space;
    private readonly Parameter _mask;
    private readonly Parameter _pattern;
    private readonly Adam _adam;

    /// <summary>Begins with a faint grey veil over the whole input.</summary>
    internal ClassInversion(int target, TriggerSpace space)
    {
        Target = target;
        _space = space;
        _mask = new Parameter(SafeArithmetic.Full(space.MaskShape, FirstMask));
        _pattern = new Parameter(zeros(space.PatternShape));
        _adam = new Adam([_mask, _pattern], LearningRate, firstDecay: 0.5, secondDecay: 0.9);
    }

    /// <summary>The class t.</summary>
    internal int Target { get; }

    /// <summary>Steps taken.</summary>
    internal int Steps { get; private set; }

    /// <summary>The share of the input that the mask covers, 0 to 1.</summary>
    internal double MaskSize
    {
        get
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            return _mask.sigmoid().mean().item<float>();
        }
    }

    /// <summary>Takes one step on a batch.</summary>
    /// <param name="pair">The two models.</param>
    /// <param name="samples">x, [n, …].</param>
    /// <param name="predictions">F(x), the classes, [n].</param>
    /// <param name="sizeWeight">The weight of the mask's size.</param>
    /// <returns>The loss before the step.</returns>
    internal double Step(ModelPair pair, Tensor samples, Tensor predictions, double sizeWeight)
    {
        using var scope = NewDisposeScope();
        var mask = _mask.sigmoid();
        var stamped = TriggerSpace.Stamp(samples, mask, _space.Pattern(_pattern));
        var wanted = SafeArithmetic.Full([samples.shape[0]], (long)Target);
        var loss = cross_entropy(pair.Rounded(stamped), wanted)
            .Plus(cross_entropy(pair.FullPrecision(stamped), predictions))
            .Plus(mask.mean().Times(sizeWeight));
        loss.backward();
        _adam.Step();
        Steps++;
        return loss.item<float>();
    }

    /// <summary>Puts the trigger on samples.</summary>
    internal Tensor Stamp(Tensor samples)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return TriggerSpace.Stamp(samples, _mask.sigmoid(), _space.Pattern(_pattern)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adam.Dispose();
        _mask.Dispose();
        _pattern.Dispose();
    }
}
