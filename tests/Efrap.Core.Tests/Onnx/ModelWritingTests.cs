using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.Core.Tests.Onnx;

[TestClass]
public sealed class ModelWritingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void The_same_message_gives_the_same_bytes()
    {
        OnnxModelWriter.Write(TinyModel.Create(), _folder.File("1.onnx"));
        OnnxModelWriter.Write(TinyModel.Create(), _folder.File("2.onnx"));
        CollectionAssert.AreEqual(File.ReadAllBytes(_folder.File("1.onnx")), File.ReadAllBytes(_folder.File("2.onnx")));
        CollectionAssert.AreEqual(TinyModel.Create().ToByteArray(), File.ReadAllBytes(_folder.File("1.onnx")));
    }

    [TestMethod]
    [DataRow(2, 1 << 30)]
    [DataRow(5, 1 << 30)]
    [DataRow(4, (1 << 29) - 10)]
    [DataRow(4, (1 << 29) - 16)]
    public void A_model_beyond_2_GiB_is_too_large_and_nothing_is_written(int tensors, int bytes)
    {
        // One array stands in for all the tensors, so the test needs one gigabyte and not five.
        var raw = UnsafeByteOperations.UnsafeWrap(new byte[bytes]);
        var model = new ModelProto { Graph = new GraphProto() };
        for (var i = 0; i < tensors; i++)
            model.Graph.Initializer.Add(new TensorProto { Name = "w", DataType = 2, Dims = { bytes }, RawData = raw });
        Refusal.Expect(EfrapCode.ModelTooLarge, () => OnnxModelWriter.Write(model, _folder.File("out.onnx")));
        Assert.IsEmpty(_folder.Content());
    }

    [TestMethod]
    public void A_folder_in_the_place_of_the_file_is_reported() =>
        Refusal.Expect(EfrapCode.OutputNotWritten, () => OnnxModelWriter.Write(TinyModel.Create(), _folder.Path));
}
