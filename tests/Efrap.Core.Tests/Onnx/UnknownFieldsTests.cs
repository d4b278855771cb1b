using Efrap.Core.Onnx;
using Google.Protobuf;

namespace Efrap.Core.Tests.Onnx;

[TestClass]
public sealed class UnknownFieldsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Fields_of_a_later_format_survive_a_round_trip()
    {
        // Field 900 of the model: text; field 901 of its graph: a number.
        byte[] unknown = [0xA2, 0x38, 0x03, (byte)'n', (byte)'e', (byte)'w'];
        byte[] graph = [0xA8, 0x38, 0x2A];
        var path = _folder.Write("model.onnx", [.. TinyModel.Create().ToByteArray(), .. unknown, (7 << 3) | 2, (byte)graph.Length, .. graph]);
        var model = OnnxModelReader.Read(path);
        var written = _folder.File("written.onnx");
        OnnxModelWriter.Write(model.Proto, written);

        var bytes = File.ReadAllBytes(written);
        Assert.AreNotEqual(-1, bytes.AsSpan().IndexOf(unknown), "the model's field is lost");
        Assert.AreNotEqual(-1, bytes.AsSpan().IndexOf(graph), "the graph's field is lost");
        Assert.AreEqual(model.Proto, OnnxModelReader.Read(written).Proto);
        Assert.AreNotEqual(TinyModel.Create(), model.Proto);
    }
}
