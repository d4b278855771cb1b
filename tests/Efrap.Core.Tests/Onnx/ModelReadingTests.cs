using System.Diagnostics;
using System.Text;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.Core.Tests.Onnx;

[TestClass]
public sealed class ModelReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_whole_model_is_read_as_it_is()
    {
        var path = TinyModel.WriteTo(_folder, TinyModel.Create());
        var model = OnnxModelReader.Read(path);
        Assert.AreEqual(TinyModel.Create(), model.Proto);
        Assert.AreEqual(path, model.Path);
        Assert.AreEqual(21, model.Opset);
    }

    [TestMethod]
    [DataRow("absent.onnx")]
    [DataRow("absent/model.onnx")]
    [DataRow("file/model.onnx")]
    [DataRow("")]
    [DataRow("a\0b")]
    public void What_is_not_there_is_not_found(string name)
    {
        _folder.Write("file", [1]);
        var path = name.Length == 0 ? name : _folder.File(name);
        Refusal.Expect(EfrapCode.ModelNotFound, () => OnnxModelReader.Read(path));
    }

    [TestMethod]
    public void A_folder_is_not_a_model() =>
        StringAssert.Contains(Refusal.Expect(EfrapCode.ModelNotFound, () => OnnxModelReader.Read(_folder.Path)), "folder");

    [TestMethod]
    [Timeout(20_000)]
    public void A_pipe_is_refused_without_waiting_for_its_other_end()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("needs mkfifo");
        var pipe = _folder.File("model.onnx");
        Process.Start("mkfifo", pipe).WaitForExit();
        StringAssert.Contains(Refusal.Expect(EfrapCode.ModelNotFound, () => OnnxModelReader.Read(pipe)), "pipe");
    }

    [TestMethod]
    public void A_file_without_permission_is_not_found()
    {
        var path = TinyModel.WriteTo(_folder, TinyModel.Create());
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("needs Unix permissions");
        else
            File.SetUnixFileMode(path, UnixFileMode.None);
        if (Environment.IsPrivilegedProcess)
            Assert.Inconclusive("root may read everything");
        Refusal.Expect(EfrapCode.ModelNotFound, () => OnnxModelReader.Read(path));
    }

    [TestMethod]
    [DataRow("", "no graph", "again")]
    [DataRow("hello, world", "not a whole ONNX model", "again")]
    [DataRow("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "not a whole ONNX model", "git lfs pull")]
    [DataRow("PK\u0003\u0004", "not a whole ONNX model", "zip")]
    public void Something_else_is_named_for_what_it_is(string content, string problem, string advice)
    {
        var path = _folder.Write("model.onnx", Encoding.Latin1.GetBytes(content));
        var message = Refusal.Expect(EfrapCode.ModelUnreadable, () => OnnxModelReader.Read(path));
        StringAssert.Contains(message, problem);
        StringAssert.Contains(message, advice);
    }

    [TestMethod]
    public void A_model_without_a_graph_is_unreadable()
    {
        var path = TinyModel.WriteTo(_folder, new ModelProto { IrVersion = 10 });
        Refusal.Expect(EfrapCode.ModelUnreadable, () => OnnxModelReader.Read(path));
    }

    [TestMethod]
    public void A_truncated_model_is_unreadable()
    {
        var bytes = TinyModel.Create().ToByteArray();
        var path = _folder.Write("model.onnx", bytes[..^40]);
        StringAssert.Contains(Refusal.Expect(EfrapCode.ModelUnreadable, () => OnnxModelReader.Read(path)), "ended unexpectedly");
    }

    [TestMethod]
    [DataRow(33, true)]
    [DataRow(34, false)]
    [DataRow(5_000, false)]
    public void Nesting_is_bounded_and_overflows_no_stack(int graphs, bool accepted)
    {
        // Written by hand, because serializing the nested message would itself recurse. A graph's nodes are its field 1, a
        // node's attributes field 5, an attribute's graph field 6, a model's graph field 7.
        byte[] bytes = [];
        for (var i = 0; i < graphs; i++)
            bytes = Field(1, Field(5, Field(6, bytes)));
        bytes = Field(7, bytes);
        var path = _folder.Write("model.onnx", bytes);
        if (accepted)
            Assert.IsNotNull(OnnxModelReader.Read(path).Proto.Graph);
        else
            Refusal.Expect(EfrapCode.ModelUnreadable, () => OnnxModelReader.Read(path));
    }

    [TestMethod]
    // Lengths close to 2^31 and open groups, which protobuf parsers have answered with an index out of range or by allocating
    // what was claimed (protobuf issues 5512 and 26856).
    [DataRow("3affffffff672acc")]
    [DataRow("3affffffff073affffffff07")]
    [DataRow("3afbffffff0732e3ffffff07")]
    [DataRow("3a0a2a08fbffffff074a")]
    [DataRow("fb01fb01fb01")]
    public void Hostile_lengths_and_groups_are_unreadable(string hex)
    {
        var path = _folder.Write("model.onnx", Convert.FromHexString(hex));
        Refusal.Expect(EfrapCode.ModelUnreadable, () => OnnxModelReader.Read(path));
    }

    [TestMethod]
    public void A_name_that_is_not_UTF8_is_unreadable()
    {
        var path = _folder.Write("model.onnx", Field(7, Field(2, [0xFF, 0xFE])));
        Refusal.Expect(EfrapCode.ModelUnreadable, () => OnnxModelReader.Read(path));
    }

    [TestMethod]
    public void A_file_beyond_2_GiB_is_too_large_and_not_read()
    {
        var path = _folder.File("model.onnx");
        using (var stream = File.Create(path))
            stream.SetLength(3L << 30);
        Refusal.Expect(EfrapCode.ModelTooLarge, () => OnnxModelReader.Read(path));
    }

    [TestMethod]
    public void A_cancelled_reading_reads_nothing() =>
        Assert.ThrowsExactly<OperationCanceledException>(() => OnnxModelReader.Read("absent.onnx", new CancellationToken(true)));

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            output.WriteTag((uint)(number << 3) | 2);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
