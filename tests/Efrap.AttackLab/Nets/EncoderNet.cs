using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Efrap.AttackLab.Nets;

/// <summary>
/// A transformer encoder over sequences of tokens: embeddings of tokens and places, two blocks, mean over the tokens, one fully
/// connected layer; 21,000 parameters. It has no BatchNormalization.
/// </summary>
public sealed class EncoderNet : LabNet
{
    private const int Width = 32;
    private const int Heads = 4;
    private const int Hidden = 64;
    private readonly TokenFormat _format;
    private readonly Parameter _tokens;
    private readonly Parameter _places;
    private readonly EncoderBlock _first;
    private readonly EncoderBlock _second;
    private readonly LayerScaling _last;
    private readonly DenseUnit _classifier;

    /// <summary>Makes the net with random weights.</summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="format">The sequences.</param>
    public EncoderNet(int classes, TokenFormat format)
        : base("encoder")
    {
        ArgumentNullException.ThrowIfNull(format);
        _format = format;
        Classes = classes;
        _tokens = new Parameter(randn(format.Vocabulary, Width));
        _places = new Parameter(zeros(format.Length, Width));
        _first = new EncoderBlock("block1", Width, Heads, Hidden);
        _second = new EncoderBlock("block2", Width, Heads, Hidden);
        _last = new LayerScaling("last", Width);
        _classifier = new DenseUnit("classifier", Width, classes);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override SampleFormat Format => _format;

    /// <inheritdoc/>
    public override int Classes { get; }

    /// <inheritdoc/>
    public override int OperatorSet => 17;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var features = _tokens.index_select(0, input.reshape(-1)).reshape(input.shape[0], _format.Length, Width).Plus(_places);
        features = _last.forward(_second.forward(_first.forward(features)));
        return _classifier.forward(features.mean([1]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> WeightLayers() =>
        [.. _first.Units.Concat(_second.Units).Append(_classifier).Select(u => new WeightLayer(u.GetName(), u.Weight))];

    /// <inheritdoc/>
    public override LabNet FoldBatchNormalization()
    {
        var copy = new EncoderNet(Classes, _format);
        using (no_grad())
        {
            foreach (var (from, to) in parameters().Zip(copy.parameters()))
                to.copy_(from);
        }

        copy.eval();
        return copy;
    }

    /// <inheritdoc/>
    public override void Emit(OnnxGraphBuilder graph, string input, string output)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var features = graph.Add("places", graph.Gather("tokens", input, _tokens.ToConstant()), _places.ToConstant());
        features = _last.Emit(graph, _second.Emit(graph, _first.Emit(graph, features)));
        _classifier.EmitGemm(graph, graph.Mean("mean", features, 1), output);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in (IEnumerable<nn.Module>)[_first, _second, _last, _classifier])
                part.Dispose();
        }

        base.Dispose(disposing);
    }
}
