using Efrap.Torch.Graph;
using Efrap.Torch.Runtime;
using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>A model as a function from one input to the logits of its classes.</summary>
/// <param name="module">The model, which this object owns. Its first output that is [n, classes] is taken for the classes.</param>
/// <param name="output">The name of that output.</param>
/// <param name="areProbabilities">Whether it is a distribution already.</param>
internal sealed class ClassifierModule(OnnxModule module, string output, bool areProbabilities) : IDisposable
{
    // What underflows in a softmax is no less likely than this for a gradient's purposes.
    private const double SmallestProbability = 1e-12;

    /// <summary>Computes logits, [n, classes].</summary>
    internal Tensor Logits(Tensor input)
    {
        var outputs = module.Forward(new Dictionary<string, Tensor> { [module.InputNames[0]] = input });
        foreach (var (name, value) in outputs)
        {
            if (name != output)
                value.Dispose();
        }

        return areProbabilities ? outputs[output].AtLeast(SmallestProbability).log() : outputs[output];
    }

    /// <summary>Finds the output that tells classes, on a few samples; null where there is none.</summary>
    internal static (string Output, bool AreProbabilities, int Classes)? Recognize(OnnxModule module, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var outputs = module.Forward(new Dictionary<string, Tensor> { [module.InputNames[0]] = input });
        foreach (var name in module.OutputNames)
        {
            var value = outputs[name];
            if (!value.is_floating_point() || value.dim() != 2 || value.shape[0] != input.shape[0] || value.shape[1] < 2)
                continue;
            var distribution = value.min().item<float>() >= 0 && value.sum(1).Minus(1).abs().max().item<float>() < 1e-3;
            return (name, distribution, (int)value.shape[1]);
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => module.Dispose();
}
