using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>
/// Four convolutions and two pools, one after the other, and a dense head of two layers, as in VGG (Simonyan and Zisserman,
/// arXiv 1409.1556); 90,000 parameters, half of them in the head.
/// </summary>
public sealed class PlainNet : LabNet
{
    private readonly ImageFormat _format;
    private readonly ConvolutionUnit _first;
    private readonly ConvolutionUnit _second;
    private readonly ConvolutionUnit _third;
    private readonly ConvolutionUnit _fourth;
    private readonly DenseUnit _hidden;
    private readonly DenseUnit _classifier;

    /// <summary>Makes the net with random weights.</summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="normalized">Whether BatchNormalization follows each convolution.</param>
    /// <param name="format">The images, of sides that 8 divides; the drawn ones where null.</param>
    public PlainNet(int classes, bool normalized = true, ImageFormat? format = null)
        : base("plain")
    {
        _format = format ?? ImageFormat.Shapes;
        Classes = classes;
        _first = new ConvolutionUnit("first", _format.Channels, 16, 3, 2, normalized);
        _second = new ConvolutionUnit("second", 16, 32, 3, 1, normalized);
        _third = new ConvolutionUnit("third", 32, 48, 3, 1, normalized);
        _fourth = new ConvolutionUnit("fourth", 48, 48, 3, 1, normalized);
        _hidden = new DenseUnit("hidden", 48 * (_format.Height / 8) * (_format.Width / 8), 64);
        _classifier = new DenseUnit("classifier", 64, classes);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override SampleFormat Format => _format;

    /// <inheritdoc/>
    public override int Classes { get; }

    private IEnumerable<ConvolutionUnit> Units => [_first, _second, _third, _fourth];

    private IEnumerable<DenseUnit> Head => [_hidden, _classifier];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var features = nn.functional.relu(_first.forward(input));
        features = nn.functional.max_pool2d(nn.functional.relu(_second.forward(features)), 2);
        features = nn.functional.relu(_third.forward(features));
        features = nn.functional.max_pool2d(nn.functional.relu(_fourth.forward(features)), 2);
        return _classifier.forward(nn.functional.relu(_hidden.forward(features.flatten(1))));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> WeightLayers() =>
    [
        .. Units.Select(u => new WeightLayer(u.GetName(), u.Weight)),
        .. Head.Select(u => new WeightLayer(u.GetName(), u.Weight)),
    ];

    /// <inheritdoc/>
    public override LabNet FoldBatchNormalization()
    {
        var folded = new PlainNet(Classes, normalized: false, _format);
        foreach (var (from, to) in Units.Zip(folded.Units))
            from.FoldInto(to);
        foreach (var (from, to) in Head.Zip(folded.Head))
            from.CopyTo(to);
        folded.eval();
        return folded;
    }

    /// <inheritdoc/>
    public override void Emit(OnnxGraphBuilder graph, string input, string output)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var features = graph.Relu("first.relu", _first.Emit(graph, input));
        features = graph.MaxPool("second.pool", graph.Relu("second.relu", _second.Emit(graph, features)));
        features = graph.Relu("third.relu", _third.Emit(graph, features));
        features = graph.MaxPool("fourth.pool", graph.Relu("fourth.relu", _fourth.Emit(graph, features)));
        var hidden = graph.Relu("hidden.relu", _hidden.EmitGemm(graph, graph.Flatten("flatten", features)));
        _classifier.EmitGemm(graph, hidden, output);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in (IEnumerable<nn.Module>)[.. Units, .. Head])
                part.Dispose();
        }

        base.Dispose(disposing);
    }
}
