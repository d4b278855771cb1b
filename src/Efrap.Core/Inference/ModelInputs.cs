using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;

namespace Efrap.Core.Inference;

/// <summary>What a model asks a caller for.</summary>
internal static class ModelInputs
{
    /// <summary>The inputs that have no default, in the model's order.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.GraphInvalid"/> for an input that is no tensor.</exception>
    internal static IReadOnlyList<ModelInput> Of(ModelGraph graph) =>
        [.. graph.FedInputs.Select(input => Describe(input, graph.Model.Path))];

    private static ModelInput Describe(ValueInfoProto input, string file)
    {
        if (input.Type?.TensorType is not { } tensor)
            throw new EfrapException(EfrapCode.GraphInvalid, $"the input `{input.Name}` is not a tensor; such models cannot be calibrated.", file);
        var shape = tensor.Shape?.Dim.Select(d =>
            d.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && d.DimValue > 0 ? d.DimValue : (long?)null);
        return new ModelInput(input.Name, (TensorProto.Types.DataType)tensor.ElemType, shape?.ToList());
    }
}
