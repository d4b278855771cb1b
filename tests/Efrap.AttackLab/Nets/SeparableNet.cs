using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>
/// A small MobileNet (Howard et al., arXiv 1704.04861): a stem of stride 2, five depthwise-separable blocks, mean over the
/// image, one fully connected layer; 35,000 parameters.
/// </summary>
public sealed class SeparableNet : LabNet
{
    private readonly ImageFormat _format;
    private readonly ConvolutionUnit _stem;
    private readonly SeparableBlock _first;
    private readonly SeparableBlock _second;
    private readonly SeparableBlock _third;
    private readonly SeparableBlock _fourth;
    private readonly SeparableBlock _fifth;
    private readonly DenseUnit _classifier;

    /// <summary>Makes the net with random weights.</summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="normalized">Whether BatchNormalization follows each convolution.</param>
    /// <param name="format">The images; the drawn ones where null.</param>
    public SeparableNet(int classes, bool normalized = true, ImageFormat? format = null)
        : base("separable")
    {
        _format = format ?? ImageFormat.Shapes;
        Classes = classes;
        _stem = new ConvolutionUnit("stem", _format.Channels, 24, 3, 2, normalized);
        _first = new SeparableBlock("block1", 24, 32, 1, normalized);
        _second = new SeparableBlock("block2", 32, 64, 2, normalized);
        _third = new SeparableBlock("block3", 64, 64, 1, normalized);
        _fourth = new SeparableBlock("block4", 64, 128, 2, normalized);
        _fifth = new SeparableBlock("block5", 128, 128, 1, normalized);
        _classifier = new DenseUnit("classifier", 128, classes);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override SampleFormat Format => _format;

    /// <inheritdoc/>
    public override int Classes { get; }

    private SeparableBlock[] Blocks => [_first, _second, _third, _fourth, _fifth];

    private IEnumerable<ConvolutionUnit> Units => Blocks.SelectMany(b => b.Units).Prepend(_stem);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var features = nn.functional.relu(_stem.forward(input));
        foreach (var block in Blocks)
            features = block.forward(features);
        return _classifier.forward(features.mean([2, 3]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> WeightLayers() =>
        [.. Units.Select(u => new WeightLayer(u.GetName(), u.Weight)), new WeightLayer(_classifier.GetName(), _classifier.Weight)];

    /// <inheritdoc/>
    public override LabNet FoldBatchNormalization()
    {
        var folded = new SeparableNet(Classes, normalized: false, _format);
        foreach (var (from, to) in Units.Zip(folded.Units))
            from.FoldInto(to);
        _classifier.CopyTo(folded._classifier);
        folded.eval();
        return folded;
    }

    /// <inheritdoc/>
    public override void Emit(OnnxGraphBuilder graph, string input, string output)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var features = graph.Relu("stem.relu", _stem.Emit(graph, input));
        foreach (var block in Blocks)
            features = block.Emit(graph, features);
        _classifier.EmitGemm(graph, graph.Flatten("flatten", graph.GlobalAveragePool("pool", features)), output);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in (IEnumerable<nn.Module>)[_stem, .. Blocks, _classifier])
                part.Dispose();
        }

        base.Dispose(disposing);
    }
}
