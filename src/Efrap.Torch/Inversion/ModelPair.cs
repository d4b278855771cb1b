using static TorchSharp.torch;

namespace Efrap.Torch.Inversion;

/// <summary>Two models of one graph: F in full precision and Q with rounded weights. Both map samples to logits [n, classes].</summary>
/// <param name="FullPrecision">F.</param>
/// <param name="Rounded">Q.</param>
internal sealed record ModelPair(Func<Tensor, Tensor> FullPrecision, Func<Tensor, Tensor> Rounded);
