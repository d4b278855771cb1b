namespace Efrap.Core.Quantization;

/// <summary>A node with weights that stayed float.</summary>
/// <param name="Name">The node's name; where the model gives none, its operator and position.</param>
/// <param name="Operator">The operator, for example <c>LSTM</c>.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record SkippedNode(string Name, string Operator, string Reason);
