using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Onnx;

/// <summary>Reads a node's attributes, with the operator's defaults for absent ones.</summary>
internal static class NodeAttributes
{
    internal static long Integer(this NodeProto node, string name, long absent) =>
        node.Attribute.FirstOrDefault(a => a.Name == name)?.I ?? absent;

    internal static float Single(this NodeProto node, string name, float absent) =>
        node.Attribute.FirstOrDefault(a => a.Name == name)?.F ?? absent;

    internal static string Text(this NodeProto node, string name, string absent) =>
        node.Attribute.FirstOrDefault(a => a.Name == name)?.S.ToStringUtf8() ?? absent;

    internal static IReadOnlyList<long>? Integers(this NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(a => a.Name == name)?.Ints;

    internal static string? OptionalInput(this NodeProto node, int index) =>
        index < node.Input.Count && node.Input[index].Length > 0 ? node.Input[index] : null;

    internal static bool IsOnnx(this NodeProto node) => node.Domain is "" or "ai.onnx";
}
