using Efrap.Core.Onnx;

namespace Efrap.Core.Tests.Onnx;

[TestClass]
public sealed class RealModelsTests
{
    [TestMethod]
    [DataRow("models")]
    [DataRow("corpus")]
    public void Every_model_is_read_and_survives_being_written(string name)
    {
        var models = Directory.GetFiles(TestData.Shared(name), "*.onnx");
        Assert.IsNotEmpty(models);
        using var folder = new TemporaryFolder();
        foreach (var path in models)
        {
            var model = OnnxModelReader.Read(path);
            var (first, second) = (folder.File("1.onnx"), folder.File("2.onnx"));
            OnnxModelWriter.Write(model.Proto, first);
            var again = OnnxModelReader.Read(first);
            Assert.AreEqual(model.Proto, again.Proto, path);
            OnnxModelWriter.Write(again.Proto, second);
            CollectionAssert.AreEqual(File.ReadAllBytes(first), File.ReadAllBytes(second), path);
        }
    }

    [TestMethod]
    public void Every_tensor_of_every_model_gives_its_values()
    {
        if (TestData.Models.Count == 0)
            Assert.Inconclusive("needs models: tests/fixtures or ../shared beside the checkout");
        foreach (var path in TestData.Models)
        {
            foreach (var (tensor, _) in ModelTensors.Of(OnnxModelReader.Read(path).Proto).Tensors)
            {
                var type = (Core.Onnx.Proto.TensorProto.Types.DataType)tensor.DataType;
                var length = ElementType.IsFloat(type) ? TensorValues.ToSingles(tensor).Length
                    : ElementType.IsInteger(type) ? TensorValues.ToInt64s(tensor).Length
                    : (int)TensorValues.ElementCount(tensor);
                Assert.AreEqual(TensorValues.ElementCount(tensor), length);
            }
        }
    }
}
