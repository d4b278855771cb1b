using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Onnx;

/// <summary>How values, operators and domains are spelled for people.</summary>
internal static class ValueText
{
    /// <summary>A domain's name; ONNX's own is empty or <c>ai.onnx</c> in files.</summary>
    internal static string Domain(string domain) => domain.Length == 0 ? "ai.onnx" : domain;

    /// <summary>A node's operator, with its domain where that is not ONNX's own.</summary>
    internal static string Operator(NodeProto node) => node.IsOnnx() ? node.OpType : $"{node.Domain}.{node.OpType}";

    /// <summary>A value's type: <c>float[batch,3,32,32]</c>.</summary>
    internal static string Type(ValueInfoProto value) => value.Type?.ValueCase switch
    {
        TypeProto.ValueOneofCase.TensorType =>
            ElementType.Name((TensorProto.Types.DataType)value.Type.TensorType.ElemType) + Shape(value.Type.TensorType.Shape),
        null or TypeProto.ValueOneofCase.None => "unknown",
        { } other => other.ToString().Replace("Type", string.Empty, StringComparison.Ordinal).ToLowerInvariant(),
    };

    private static string Shape(TensorShapeProto? shape) => shape is null ? "[…]" : $"[{string.Join(',', shape.Dim.Select(Axis))}]";

    private static string Axis(TensorShapeProto.Types.Dimension axis) => axis.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue => axis.DimValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when axis.DimParam.Length > 0 => axis.DimParam,
        _ => "?",
    };
}
