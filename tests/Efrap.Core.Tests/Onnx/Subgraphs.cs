using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Onnx;

/// <summary>Nodes with subgraphs that capture values of the graph around them.</summary>
internal static class Subgraphs
{
    /// <summary>An <c>If</c> whose condition is true and that doubles a captured value; its other branch negates it.</summary>
    public static string IfAlways(ModelBuilder b, string captured)
    {
        var condition = b.Initializer(new TensorProto
        {
            Name = $"condition_{captured}",
            DataType = (int)DataType.Bool,
            RawData = ByteString.CopyFrom(1),
        });
        return b.Node(
            "If",
            [condition],
            ("then_branch", Branch("then", new NodeProto { OpType = "Add", Input = { captured, captured }, Output = { $"then_{captured}" } })),
            ("else_branch", Branch("else", new NodeProto { OpType = "Neg", Input = { captured }, Output = { $"else_{captured}" } })));
    }

    /// <summary>A <c>Loop</c> of two steps that starts at a value and adds the same value, which it captures, in each.</summary>
    public static string LoopTwice(ModelBuilder b, string value)
    {
        var body = new GraphProto
        {
            Name = "body",
            Input =
            {
                ModelBuilder.Value("step", DataType.Int64, []),
                ModelBuilder.Value("go_in", DataType.Bool, []),
                Untyped("sum_in"),
            },
            Node =
            {
                new NodeProto { OpType = "Identity", Input = { "go_in" }, Output = { "go_out" } },
                new NodeProto { OpType = "Add", Input = { "sum_in", value }, Output = { "sum_out" } },
            },
            Output = { ModelBuilder.Value("go_out", DataType.Bool, []), Untyped("sum_out") },
        };
        return b.Node("Loop", [b.Initializer(TensorValues.FromInt64s("steps", [], [2])), string.Empty, value], ("body", body));
    }

    private static GraphProto Branch(string name, NodeProto node) =>
        new() { Name = name, Node = { node }, Output = { Untyped(node.Output[0]) } };

    private static ValueInfoProto Untyped(string name) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
    };
}
