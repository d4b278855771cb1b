namespace Efrap.Core.Quantization.Reading;

/// <summary>A node that multiplies its input with a quantized weight.</summary>
/// <param name="NodeIndex">Its index in <see cref="Onnx.ModelGraph.Nodes"/>.</param>
/// <param name="Name">How messages call it.</param>
/// <param name="Operator">Its operator.</param>
/// <param name="Output">The value that it produces.</param>
/// <param name="Transposed">Whether it sees the weight as [inputs, output channels], as the right side of a product.</param>
/// <param name="Groups">The number of groups that its output channels are split into.</param>
internal sealed record WeightUse(int NodeIndex, string Name, string Operator, string Output, bool Transposed, int Groups);
