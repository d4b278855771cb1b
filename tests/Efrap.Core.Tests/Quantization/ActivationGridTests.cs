using CsCheck;
using Efrap.Core.Quantization;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Quantization;

/// <summary>Activations are stored on the grid that ONNX Runtime itself would choose for their range, and zero is on it.</summary>
[TestClass]
public sealed class ActivationGridTests
{
    private const int HighestCode = 255;

    [TestMethod]
    public void Is_that_of_DynamicQuantizeLinear()
    {
        var b = new ModelBuilder();
        b.Nodes("DynamicQuantizeLinear", [b.Input("input", -1)], ["codes", "scale", "zero_point"]);
        var model = b.Build();
        foreach (var (name, type) in new[] { ("codes", DataType.Uint8), ("scale", DataType.Float), ("zero_point", DataType.Uint8) })
            model.Graph.Output.Add(ModelBuilder.Value(name, type, []));
        model.Graph.Output[0].Type.TensorType.Shape = null;
        using var session = new InferenceSession(Google.Protobuf.MessageExtensions.ToByteArray(model));

        Gen.Single[-100, 100].Array[1, 20].Sample(values =>
        {
            using var input = OrtValue.CreateTensorValueFromMemory(values, [values.Length]);
            var outputs = OrtRun.Run(session, [input]);
            // A range of less than 255 of the smallest floats: its scale is 0 there, which nothing can be divided by.
            if (outputs[1].Singles[0] == 0)
                return;
            var grid = ActivationRange.Of(values).ToGrid();
            Assert.AreEqual(outputs[1].Singles[0], grid.Scale);
            Assert.AreEqual(outputs[2].Data[0], grid.ZeroPoint);
        });
    }

    [TestMethod]
    public void Holds_zero_and_every_value_of_the_range_to_half_a_step() =>
        Gen.Single[-1e6f, 1e6f].Array[1, 10].Sample(values =>
        {
            var grid = ActivationRange.Of(values).ToGrid();
            Assert.AreEqual(0, Restored(grid, 0));
            // The scale is a rounded number itself: by the last of 255 steps it is off by as many of its roundings, which is
            // next to nothing but where steps are so small that single precision has few digits left for them.
            var drift = HighestCode * 0.5 * ((double)MathF.BitIncrement(grid.Scale) - grid.Scale);
            foreach (var value in values)
                Assert.AreEqual(value, Restored(grid, value), (0.5 * grid.Scale) + drift + (1e-6 * Math.Abs(value)));
        });

    [TestMethod]
    [DataRow(new float[] { })]
    [DataRow(new[] { 0f, 0f })]
    [DataRow(new[] { float.Epsilon })]
    public void Exists_for_ranges_that_hold_nothing(float[] values)
    {
        var grid = ActivationRange.Empty.Union(ActivationRange.Of(values)).ToGrid();
        Assert.IsTrue(float.IsFinite(grid.Scale) && grid.Scale > 0);
        Assert.AreEqual(0, Restored(grid, 0));
    }

    [TestMethod]
    public void Comes_from_the_values_of_all_batches()
    {
        var range = ActivationRange.Of([1, 2]).Union(ActivationRange.Of([-3, 0])).Union(ActivationRange.Of([]));
        Assert.AreEqual(new ActivationRange(-3, 2), range);
        Assert.AreEqual(new ActivationGrid(5f / 255, 153), range.ToGrid());
    }

    private static double Restored(ActivationGrid grid, float value) =>
        (Math.Clamp(Math.Round((double)value / grid.Scale, MidpointRounding.ToEven) + grid.ZeroPoint, 0, HighestCode) - grid.ZeroPoint) * grid.Scale;
}
