using Efrap.Core.Quantization;

namespace Efrap.Core.Evidence;

/// <summary>What a model file holds, as far as quantization is concerned. Nothing is run and nothing is measured.</summary>
public sealed record InspectReport
{
    /// <summary>The file name, without its folder.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal. External data is not part of it.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The size of the file in bytes. External data is not part of it.</summary>
    public required long Bytes { get; init; }

    /// <summary>The version of the file format.</summary>
    public required long IrVersion { get; init; }

    /// <summary>What wrote the file, as it says itself; may be empty.</summary>
    public required string Producer { get; init; }

    /// <summary>The operator sets; ONNX's own is called <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> OperatorSets { get; init; }

    /// <summary>The values that a caller feeds.</summary>
    public required IReadOnlyList<ValueDescription> Inputs { get; init; }

    /// <summary>The values that a caller gets.</summary>
    public required IReadOnlyList<ValueDescription> Outputs { get; init; }

    /// <summary>How often each operator stands in the main graph; those of other domains carry the domain.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>The number of values in all initializers.</summary>
    public required long Parameters { get; init; }

    /// <summary>The number of BatchNormalization nodes that hardening folds into the layer before them.</summary>
    public required int FoldedNormalizations { get; init; }

    /// <summary>Whether the model holds integer weights already, in any of the usual forms.</summary>
    public required bool Quantized { get; init; }

    /// <summary>The layers that hardening quantizes, in the order of execution.</summary>
    public required IReadOnlyList<LayerDescription> Layers { get; init; }

    /// <summary>The nodes with weights that stay float, and why.</summary>
    public required IReadOnlyList<SkippedNode> Skipped { get; init; }
}

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type and shape, for example <c>float[batch,3,32,32]</c>; <c>?</c> where the model leaves an
/// axis open.</param>
public sealed record ValueDescription(string Name, string Type);

/// <summary>A layer that can be quantized.</summary>
/// <param name="Name">The node's name; where the model gives none, its operator and position.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Rows">The number of output channels.</param>
/// <param name="Columns">K, the number of weights per output channel.</param>
/// <param name="Groups">The number of groups of a convolution; 1 otherwise.</param>
public sealed record LayerDescription(string Name, string Operator, int Rows, int Columns, int Groups);
