using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Quantization;

/// <summary>
/// How a precision is written into a model of a given operator set. The operator set itself is never raised: operators
/// change meaning between versions (an attribute becomes an input), while ONNX Runtime's own domain
/// <c>com.microsoft</c> offers the same two operators to models of any age.
/// </summary>
/// <param name="Domain">The domain of QuantizeLinear and DequantizeLinear.</param>
/// <param name="IrVersion">The IR version that the model needs at least.</param>
internal sealed record QuantizationFormat(string Domain, long IrVersion)
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    internal const string MicrosoftDomain = "com.microsoft";

    /// <summary>Chooses the format.</summary>
    internal static QuantizationFormat For(OnnxModel model, Precision precision) =>
        precision is Precision.Int4Weights or Precision.W4A4
            ? new(model.Opset >= 21 ? string.Empty : MicrosoftDomain, 10) // opset 21 and IR 10 introduced int4 and uint4
            : new(model.Opset >= 13 ? string.Empty : MicrosoftDomain, 4); // opset 13 introduced the axis attribute

    /// <summary>A QuantizeLinear node.</summary>
    internal NodeProto QuantizeLinear(string value, string scale, string zeroPoint, string output) => new()
    {
        OpType = "QuantizeLinear",
        Domain = Domain,
        Name = $"{output}_QuantizeLinear",
        Input = { value, scale, zeroPoint },
        Output = { output },
    };

    /// <summary>A DequantizeLinear node, per tensor (no axis) or per channel.</summary>
    internal NodeProto DequantizeLinear(string value, string scale, string? zeroPoint, string output, int? axis)
    {
        var node = new NodeProto
        {
            OpType = "DequantizeLinear",
            Domain = Domain,
            Name = $"{output}_DequantizeLinear",
            Input = { value, scale },
            Output = { output },
        };
        if (zeroPoint is not null)
            node.Input.Add(zeroPoint);
        if (axis is { } a)
            node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = a });
        return node;
    }
}
