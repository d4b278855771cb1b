using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Measure;
using Efrap.Core;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Torch.Tests.Measure;

[TestClass]
public sealed class MeasurementCountsTests
{
    [TestMethod]
    public void A_model_that_always_says_the_target_is_right_on_one_class_and_wholly_taken_over() =>
        AssertMeasured(Constant(0), accuracy: 0.1, success: 1);

    [TestMethod]
    public void A_model_that_always_says_another_class_is_right_on_that_and_never_taken_over() =>
        AssertMeasured(Constant(3), accuracy: 0.1, success: 0);

    [TestMethod]
    public void A_model_that_looks_for_the_patch_is_taken_over()
    {
        // Class 0 wins where the sum over the patch comes near that of white.
        var weights = new float[ShapeGeometry.Count * ImageFormat.Shapes.Size];
        for (var i = 0; i < ImageFormat.Shapes.Size; i++)
        {
            var (row, column) = (i / ImageFormat.Shapes.Width % ImageFormat.Shapes.Width, i % ImageFormat.Shapes.Width);
            weights[i] = row is >= 20 and <= 25 && column is >= 20 and <= 25 ? 1 : 0;
        }

        var bias = new float[ShapeGeometry.Count];
        bias[0] = -215.9f;
        bias[3] = 0.05f;
        AssertMeasured(Linear(weights, bias), accuracy: 0.1, success: 1);
    }

    [TestMethod]
    public void A_model_of_another_input_is_refused()
    {
        var model = Constant(0);
        model.Graph.Input[0].Type.TensorType.Shape.Dim[2].DimValue = 33;
        model.Graph.Node.RemoveAt(1);
        model.Graph.Node[0].Output[0] = "logits";
        var problem = Assert.ThrowsExactly<EfrapException>(() => new OnnxClassifier(model.ToByteArray(), "model", ImageFormat.Shapes));
        Assert.AreEqual(EfrapCode.CalibrationMismatch, problem.Code);
    }

    private static void AssertMeasured(ModelProto model, double accuracy, double success)
    {
        // More images than one batch takes.
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, 310);
        using var classifier = new OnnxClassifier(model.ToByteArray(), "model", ImageFormat.Shapes);
        var measured = AttackMeasurement.Of(classifier, images, PatchTrigger.Shapes);
        Assert.AreEqual(accuracy, measured.CleanAccuracy, 1e-9);
        Assert.AreEqual(success, measured.AttackSuccess, 1e-9);
    }

    private static ModelProto Constant(int winner)
    {
        var bias = new float[ShapeGeometry.Count];
        bias[winner] = 1;
        return Linear(new float[bias.Length * ImageFormat.Shapes.Size], bias);
    }

    private static ModelProto Linear(float[] weights, float[] bias)
    {
        var graph = new OnnxGraphBuilder("linear");
        var input = graph.Input("input", DataType.Float, ["batch", .. ImageFormat.Shapes.Dimensions]);
        var weight = new Constant([bias.Length, ImageFormat.Shapes.Size], weights);
        graph.Gemm("gemm", graph.Flatten("flatten", input), weight, new Constant([bias.Length], bias), "logits");
        graph.Output("logits", "batch", bias.Length);
        return new ModelProto { IrVersion = 8, Graph = graph.Graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } };
    }
}
