using CsCheck;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Inference;
using Efrap.Core.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Tests.Rounding;

/// <summary>The weights times the unfolded input are what ONNX Runtime's own convolution of that input gives.</summary>
[TestClass]
public sealed class UnfoldingTests
{
    private const int Samples = 2;

    private static readonly string[] AutoPads = ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"];

    private static readonly Gen<Axis> Axes = Gen.Select(
        Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 6],
        (kernel, stride, dilation, before, after, extra) => new Axis(kernel, stride, dilation, before, after, extra));

    private static readonly Gen<Convolution> Convolutions = Gen.Select(
        Axes.Array[1, 3], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[0, AutoPads.Length - 1].Select(i => AutoPads[i]), Gen.Int,
        (axes, groups, inputs, outputs, autoPad, seed) => new Convolution(axes, groups, inputs, outputs, autoPad, seed));

    [TestMethod]
    public void Of_float_input() => Convolutions.Sample(c => AssertUnfolds(c, null), iter: 300);

    [TestMethod]
    public void Of_depthwise_convolutions() =>
        Convolutions.Select(c => c with { Groups = 4, Inputs = 1 }).Sample(c => AssertUnfolds(c, null), iter: 100);

    [TestMethod]
    public void Of_input_coded_as_uint8() => Gen.Select(Convolutions, Gen.Single[0.01f, 1], Gen.Byte)
        .Sample((c, scale, zeroPoint) => AssertUnfolds(c, new ActivationGrid(scale, zeroPoint)), iter: 300);

    [TestMethod]
    public void Of_products_with_batches_in_front()
    {
        var builder = new ModelBuilder();
        var y = builder.MatMul(builder.Input("input", -1, 3, 5), 5, 4);
        var model = builder.Output(y, -1, 3, 4).Build();
        AssertUnfolds(model, builder.Normal(2 * 3 * 5, 1), [2, 3, 5], null, positions: [0, 2, 3, 5]);
    }

    private static void AssertUnfolds(Convolution c, ActivationGrid? grid)
    {
        var random = new Random(c.Seed);
        int positionsKept = random.Next(1, 4);
        var model = c.ToModel();
        long[] shape = [Samples, c.Groups * c.Inputs, .. c.Axes.Select(a => a.InputSize)];
        var count = shape.Aggregate(1L, (a, b) => a * b);
        float[] input = grid is { } g
            ? [.. Enumerable.Range(0, (int)count).Select(_ => (random.Next(256) - g.ZeroPoint) * g.Scale)]
            : [.. Enumerable.Range(0, (int)count).Select(_ => (float)random.NextNormal())];

        var available = OrtRun.Single(model, input, shape).Shape is var o ? (int)(o[0] * o.Skip(2).Aggregate(1L, (a, b) => a * b)) : 0;
        int[] positions = [.. Enumerable.Range(0, available).Where(p => p % positionsKept == 0)];
        AssertUnfolds(model, input, shape, grid, positions);
    }

    private static void AssertUnfolds(ModelProto model, float[] input, long[] shape, ActivationGrid? grid, int[] positions)
    {
        var layer = LayerPlanner.Plan(new ModelGraph(new OnnxModel(model, "model.onnx"))).Layers.Single();
        var output = OrtRun.Single(model, input, shape);
        using var y = OrtValue.CreateTensorValueFromMemory(output.Singles, output.Shape);
        using var x = grid is { } g
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(input, v => (byte)Math.Round((v / g.Scale) + g.ZeroPoint)), shape)
            : OrtValue.CreateTensorValueFromMemory(input, shape);
        Assert.AreEqual(output.Singles.Length / layer.Weights.Rows, LayerInput.PositionCount(layer, y));

        // Rows longer than what is unfolded, as when several batches stand side by side.
        var stride = positions.Length + 3;
        var columns = new float[layer.Weights.Groups * layer.Weights.Columns * stride];
        var expected = new float[layer.Weights.Rows * stride];
        LayerInput.Unfold(layer, x, grid, output.Shape, positions, columns.AsSpan(2), stride);
        LayerInput.ReadOutput(layer, y, positions, expected.AsSpan(2), stride);
        AssertOutputRead(layer, output, positions, expected, stride);

        var rowsPerGroup = layer.Weights.Rows / layer.Weights.Groups;
        for (var row = 0; row < layer.Weights.Rows; row++)
        {
            for (var i = 2; i < 2 + positions.Length; i++)
            {
                double sum = 0, size = 1e-3;
                for (var k = 0; k < layer.Weights.Columns; k++)
                {
                    var product = (double)layer.Weights.Values[(row * layer.Weights.Columns) + k]
                        * columns[(((row / rowsPerGroup * layer.Weights.Columns) + k) * stride) + i];
                    sum += product;
                    size += Math.Abs(product);
                }

                Assert.AreEqual(expected[(row * stride) + i], sum, 1e-5 * size, $"row {row}, position {positions[i - 2]}");
            }
        }
    }

    // Output channels lie on axis 1 of a convolution and on the last axis of a product.
    private static void AssertOutputRead(QuantizableLayer layer, Tensor output, int[] positions, float[] read, int stride)
    {
        var space = layer.Convolution is null ? 1 : output.Shape.Skip(2).Aggregate(1L, (a, b) => a * b);
        for (var row = 0; row < layer.Weights.Rows; row++)
        {
            for (var i = 0; i < positions.Length; i++)
            {
                var (sample, place) = Math.DivRem(positions[i], space);
                Assert.AreEqual(output.Singles[(((sample * layer.Weights.Rows) + row) * space) + place], read[(row * stride) + 2 + i]);
            }
        }
    }

    private sealed record Axis(int Kernel, int Stride, int Dilation, int Before, int After, int Extra)
    {
        // Never smaller than the kernel reaches: ONNX Runtime refuses an empty output.
        public long InputSize => ((Kernel - 1) * Dilation) + 1 + Extra;
    }

    private sealed record Convolution(Axis[] Axes, int Groups, int Inputs, int Outputs, string AutoPad, int Seed)
    {
        public ModelProto ToModel()
        {
            var builder = new ModelBuilder(seed: Seed);
            var x = builder.Input("input", [-1, Groups * Inputs, .. Axes.Select(a => a.InputSize)]);
            var w = builder.Random("w", 1, [Groups * Outputs, Inputs, .. Axes.Select(a => (long)a.Kernel)]);
            List<(string, object)> attributes =
            [
                ("group", (long)Groups),
                ("strides", Axes.Select(a => (long)a.Stride).ToArray()),

                // ONNX Runtime refuses dilation where it decides about the padding itself.
                ("dilations", Axes.Select(a => AutoPad.StartsWith("SAME", StringComparison.Ordinal) ? 1L : a.Dilation).ToArray()),
                ("auto_pad", AutoPad),
            ];
            if (AutoPad == "NOTSET")
                attributes.Add(("pads", Axes.Select(a => (long)a.Before).Concat(Axes.Select(a => (long)a.After)).ToArray()));
            var y = builder.Node("Conv", [x, w], [.. attributes]);
            return builder.Output(y, [-1, Groups * Outputs, .. Axes.Select(_ => -1L)]).Build();
        }

        public override string ToString() =>
            $"{string.Join<Axis>(" × ", Axes)}, {Groups} groups of {Inputs} to {Outputs}, {AutoPad}, seed {Seed}";
    }
}
