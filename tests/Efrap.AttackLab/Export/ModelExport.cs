using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.AttackLab.Export;

/// <summary>Turns a net into an ONNX model.</summary>
public static class ModelExport
{
    /// <summary>The name of the model's input, [batch, …]: images as float32, tokens as int64.</summary>
    public const string InputName = "input";

    /// <summary>The name of the model's output, [batch, classes] of float32.</summary>
    public const string OutputName = "logits";

    /// <summary>Builds the model: the net's operator set, IR version 8, batch size open.</summary>
    /// <param name="net">A folded net.</param>
    /// <param name="name">The graph's name.</param>
    /// <returns>The model.</returns>
    public static ModelProto ToOnnx(LabNet net, string name)
    {
        ArgumentNullException.ThrowIfNull(net);
        var graph = new OnnxGraphBuilder(name);
        graph.Input(InputName, net.Format is ImageFormat ? DataType.Float : DataType.Int64, ["batch", .. net.Format.Dimensions]);
        net.Emit(graph, InputName, OutputName);
        graph.Output(OutputName, "batch", net.Classes);
        return new ModelProto
        {
            IrVersion = 8,
            ProducerName = "Efrap.AttackLab",
            Graph = graph.Graph,
            OpsetImport = { new OperatorSetIdProto { Domain = string.Empty, Version = net.OperatorSet } },
        };
    }
}
