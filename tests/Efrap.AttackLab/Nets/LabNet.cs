using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>A classifier that the lab can train, attack and export.</summary>
/// <param name="name">The net's name.</param>
public abstract class LabNet(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>What the net classifies.</summary>
    public abstract SampleFormat Format { get; }

    /// <summary>The number of classes.</summary>
    public abstract int Classes { get; }

    /// <summary>The version of ONNX's operators that the net is written with.</summary>
    public virtual int OperatorSet => 13;

    /// <summary>The layers whose weights a quantizer rounds, in the order of execution.</summary>
    /// <returns>Every convolution and fully connected layer.</returns>
    public abstract IReadOnlyList<WeightLayer> WeightLayers();

    /// <summary>Makes the same function without BatchNormalization: its running statistics go into the convolutions.</summary>
    /// <returns>A new net in evaluation mode.</returns>
    public abstract LabNet FoldBatchNormalization();

    /// <summary>Adds the net, which must be folded, to an ONNX graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the samples' value.</param>
    /// <param name="output">The name that the logits get.</param>
    public abstract void Emit(OnnxGraphBuilder graph, string input, string output);
}
