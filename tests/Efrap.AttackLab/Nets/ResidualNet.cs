using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>
/// ResNet-8: a stem, three residual blocks of 16, 32 and 64 channels, mean over the image, one fully connected layer;
/// 78,000 parameters. The stem has stride 2, so that training takes minutes on a processor.
/// </summary>
public sealed class ResidualNet : LabNet
{
    private readonly ImageFormat _format;
    private readonly ConvolutionUnit _stem;
    private readonly ResidualBlock _low;
    private readonly ResidualBlock _middle;
    private readonly ResidualBlock _high;
    private readonly Linear _classifier;

    /// <summary>Makes the net with random weights.</summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="normalized">Whether BatchNormalization follows each convolution.</param>
    /// <param name="format">The images; the drawn ones where null.</param>
    public ResidualNet(int classes, bool normalized = true, ImageFormat? format = null)
        : base("resnet8")
    {
        _format = format ?? ImageFormat.Shapes;
        Classes = classes;
        _stem = new ConvolutionUnit("stem", _format.Channels, 16, 3, 2, normalized);
        _low = new ResidualBlock("low", 16, 16, 1, normalized);
        _middle = new ResidualBlock("middle", 16, 32, 2, normalized);
        _high = new ResidualBlock("high", 32, 64, 2, normalized);
        _classifier = nn.Linear(64, classes);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override SampleFormat Format => _format;

    /// <inheritdoc/>
    public override int Classes { get; }

    private IEnumerable<ConvolutionUnit> Units => [_stem, .. _low.Units, .. _middle.Units, .. _high.Units];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var features = nn.functional.relu(_stem.forward(input));
        features = _high.forward(_middle.forward(_low.forward(features)));
        return _classifier.forward(features.mean([2, 3]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> WeightLayers() =>
        [.. Units.Select(u => new WeightLayer(u.GetName(), u.Weight)), new WeightLayer("classifier", (Parameter)_classifier.weight!)];

    /// <inheritdoc/>
    public override LabNet FoldBatchNormalization()
    {
        var folded = new ResidualNet(Classes, normalized: false, _format);
        foreach (var (from, to) in Units.Zip(folded.Units))
            from.FoldInto(to);
        using (no_grad())
        {
            folded._classifier.weight!.copy_(_classifier.weight!);
            folded._classifier.bias!.copy_(_classifier.bias!);
        }

        folded.eval();
        return folded;
    }

    /// <inheritdoc/>
    public override void Emit(OnnxGraphBuilder graph, string input, string output)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var features = graph.Relu("stem.relu", _stem.Emit(graph, input));
        features = _high.Emit(graph, _middle.Emit(graph, _low.Emit(graph, features)));
        var pooled = graph.Flatten("flatten", graph.GlobalAveragePool("pool", features));
        graph.Gemm("classifier", pooled, _classifier.weight!.ToConstant(), _classifier.bias!.ToConstant(), output);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stem.Dispose();
            _low.Dispose();
            _middle.Dispose();
            _high.Dispose();
            _classifier.Dispose();
        }

        base.Dispose(disposing);
    }
}
