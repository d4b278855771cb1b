using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Rounding.Rerounding;

/// <summary>A layer of a quantized model that is to be rounded anew.</summary>
/// <param name="Match">Its weight, and the layer of the source that this was made from.</param>
/// <param name="NodeIndex">The index of the first node that reads the weight in <see cref="ObservedModel.Graph"/>.</param>
/// <param name="Layer">The source's layer, called as the file calls its node, with the input as <see cref="ObservedModel.Graph"/> names
/// it and the geometry that the file's node has. Its output is the source's.</param>
internal sealed record ObservedLayer(SourceMatch Match, int NodeIndex, QuantizableLayer Layer)
{
    /// <summary>The quantized weight.</summary>
    internal QuantizedTensor Tensor => Match.Tensor;

    /// <summary>The first node that reads the weight.</summary>
    internal WeightUse Use => Match.Tensor.Uses[0];
}
