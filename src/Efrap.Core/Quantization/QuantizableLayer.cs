namespace Efrap.Core.Quantization;

/// <summary>A node whose weights can be quantized, and what it reads and produces.</summary>
/// <param name="NodeIndex">Its index in <see cref="Onnx.ModelGraph.Nodes"/>.</param>
/// <param name="Name">How messages call it.</param>
/// <param name="Operator"><c>Conv</c>, <c>Gemm</c> or <c>MatMul</c>.</param>
/// <param name="Input">The activation that it reads.</param>
/// <param name="Weight">The name of its constant weight.</param>
/// <param name="Bias">The name of its constant bias, or null.</param>
/// <param name="Output">The value that it produces.</param>
/// <param name="Weights">The weight as a matrix.</param>
/// <param name="BiasValues">The bias, one value per output channel, or null.</param>
/// <param name="Convolution">The geometry of a convolution; null for Gemm and MatMul.</param>
internal sealed record QuantizableLayer(
    int NodeIndex,
    string Name,
    string Operator,
    string Input,
    string Weight,
    string? Bias,
    string Output,
    WeightMatrix Weights,
    float[]? BiasValues,
    ConvolutionGeometry? Convolution);
