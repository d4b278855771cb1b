using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Onnx;

[TestClass]
public sealed class ExternalDataTests : IDisposable
{
    private static readonly float[] Values = [1, 2, 3, 4, 5, 6];
    private static readonly byte[] Bytes = MemoryMarshal.AsBytes<float>(Values).ToArray();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Values_are_brought_in_and_the_reference_goes()
    {
        _folder.Write("data/w.bin", [9, 9, 9, 9, .. Bytes, 9]);
        var tensor = ReadOne(("location", "data/w.bin"), ("offset", "4"), ("length", "24"));
        CollectionAssert.AreEqual(Values, TensorValues.ToSingles(tensor));
        Assert.IsFalse(tensor.HasDataLocation);
        Assert.IsEmpty(tensor.ExternalData);
    }

    [TestMethod]
    public void The_files_that_were_read_are_known_by_path_and_digest()
    {
        var file = _folder.Write("data/w.bin", [9, 9, 9, 9, .. Bytes, 9]);
        ReadOne(("location", "./data//w.bin"), ("offset", "4"));
        var model = OnnxModelReader.Read(Directory.EnumerateFiles(_folder.Path, "*.onnx").Single());
        Assert.AreEqual(new FileDigest("data/w.bin", Digest.OfFile(file)), model.ExternalFiles.Single());
        Assert.AreEqual(Digest.OfFile(model.Path), model.Sha256);
    }

    [TestMethod]
    public void Without_offset_and_length_the_shape_says_how_much_is_read()
    {
        _folder.Write("w.bin", [.. Bytes, 9, 9]);
        CollectionAssert.AreEqual(Values, TensorValues.ToSingles(ReadOne(("location", "w.bin"))));
    }

    [TestMethod]
    public void A_model_is_known_by_all_of_its_files()
    {
        string[] identities = [.. Enumerable.Range(1, 3).Select(i =>
        {
            var model = TinyModel.Create();
            var tensor = ModelTensors.Of(model).Tensors[0].Tensor;
            tensor.DataLocation = DataLocation.External;
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "w.bin" });
            var data = tensor.RawData.ToByteArray();
            tensor.ClearRawData();
            data[0] = (byte)(i / 2);
            _folder.Write("w.bin", data);
            return OnnxModelReader.Read(TinyModel.WriteTo(_folder, model)).Identity;
        })];
        Assert.AreNotEqual(identities[0], identities[1], "other weights behind the same file are another model");
        Assert.AreEqual(identities[1], identities[2]);
        Assert.AreNotEqual(OnnxModelReader.Read(Path.Combine(_folder.Path, "model.onnx")).Sha256, identities[2]);
    }

    [TestMethod]
    public void Tensors_anywhere_in_the_model_are_brought_in()
    {
        var model = TinyModel.Create();
        var data = new MemoryStream();
        var tensors = ModelTensors.Of(model).Tensors;
        // Initializer, both halves of a sparse one, two attributes, a function's attribute and a training graph.
        Assert.HasCount(7, tensors);
        foreach (var (tensor, _) in tensors)
        {
            tensor.DataLocation = DataLocation.External;
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "w.bin" });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{data.Position}" });
            data.Write(tensor.RawData.Span);
            tensor.ClearRawData();
        }

        _folder.Write("w.bin", data.ToArray());
        Assert.AreEqual(TinyModel.Create(), OnnxModelReader.Read(TinyModel.WriteTo(_folder, model)).Proto);
    }

    [TestMethod]
    public void A_reference_that_is_not_in_force_is_dropped()
    {
        var tensor = TensorValues.FromSingles("w", [6], Values);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "/etc/passwd" });
        Assert.AreEqual(TensorValues.FromSingles("w", [6], Values), Read(tensor));
    }

    [TestMethod]
    public void A_checksum_is_compared_with_the_file()
    {
        _folder.Write("w.bin", Bytes);
#pragma warning disable CA5350 // The format's checksum.
        var sum = Convert.ToHexString(SHA1.HashData(Bytes)).ToLowerInvariant();
#pragma warning restore CA5350
        CollectionAssert.AreEqual(Values, TensorValues.ToSingles(ReadOne(("location", "w.bin"), ("checksum", sum))));
        Rejected(("location", "w.bin"), ("checksum", sum.Replace(sum[0], sum[0] == '0' ? '1' : '0')));
    }

    [TestMethod]
    public void Keys_outside_the_format_are_refused()
    {
        _folder.Write("w.bin", Bytes);
        StringAssert.Contains(Rejected(("location", "w.bin"), ("basepath", "/etc")), "basepath");
        Rejected(("location", "w.bin"), ("Offset", "0"));
        Rejected(("location", "w.bin"), ("location", "w.bin"));
        Rejected(("offset", "0"), ("length", "24"));
        Rejected();
    }

    [TestMethod]
    [DataRow("-1")]
    [DataRow("+1")]
    [DataRow(" 1")]
    [DataRow("1e3")]
    [DataRow("0x10")]
    [DataRow("")]
    [DataRow("9223372036854775808")]
    [DataRow("1")]
    [DataRow("9223372036854775807")]
    public void An_offset_that_is_no_number_or_beyond_the_file_is_refused(string offset)
    {
        _folder.Write("w.bin", Bytes);
        Rejected(("location", "w.bin"), ("offset", offset));
    }

    [TestMethod]
    [DataRow("-24")]
    [DataRow("9223372036854775808")]
    [DataRow("twenty")]
    public void A_length_that_is_no_number_is_refused(string length)
    {
        _folder.Write("w.bin", Bytes);
        Rejected(("location", "w.bin"), ("length", length));
    }

    [TestMethod]
    [DataRow("23")]
    [DataRow("25")]
    [DataRow("9223372036854775807")]
    public void A_length_that_does_not_fit_the_shape_is_inconsistent(string length)
    {
        _folder.Write("w.bin", Bytes);
        Refusal.Expect(EfrapCode.TensorInconsistent, () => ReadOne(("location", "w.bin"), ("length", length)));
    }

    [TestMethod]
    public void A_file_that_is_too_short_is_refused()
    {
        _folder.Write("w.bin", Bytes[..^1]);
        StringAssert.Contains(Rejected(("location", "w.bin")), "23");
    }

    [TestMethod]
    [DataRow("absent.bin")]
    [DataRow("absent/w.bin")]
    [DataRow("folder")]
    [DataRow("w.bin/w.bin")]
    [DataRow("*/_ORT_MEM_ADDR_/*")]
    public void A_file_that_is_not_there_is_refused(string location)
    {
        _folder.Write("folder/other.bin", Bytes);
        _folder.Write("w.bin", Bytes);
        Rejected(("location", location));
    }

    [TestMethod]
    [DataRow("../outside.bin")]
    [DataRow("model/../../outside.bin")]
    public void A_file_outside_the_folder_is_refused(string location)
    {
        _folder.Write("outside.bin", Bytes);
        var model = TinyModel.With(TinyModel.External(("location", location)));
        var path = _folder.Write("model/model.onnx", Google.Protobuf.MessageExtensions.ToByteArray(model));
        Refusal.Expect(EfrapCode.ExternalDataRejected, () => OnnxModelReader.Read(path));
    }

    [TestMethod]
    public void A_symbolic_link_is_refused_wherever_it_points()
    {
        _folder.Write("w.bin", Bytes);
        _folder.Write("data/w.bin", Bytes);
        Link(() => File.CreateSymbolicLink(_folder.File("link.bin"), "w.bin"));
        Link(() => File.CreateSymbolicLink(_folder.File("passwd"), "/etc/passwd"));
        Link(() => Directory.CreateSymbolicLink(_folder.File("linked"), "data"));
        StringAssert.Contains(Rejected(("location", "link.bin")), "link");
        Rejected(("location", "passwd"));
        Rejected(("location", "linked/w.bin"));
        Rejected(("location", "linked/../w2.bin"));
    }

    [TestMethod]
    public void A_hard_link_is_refused()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("needs ln");
        var path = _folder.Write("outside.bin", Bytes);
        Process.Start("ln", [path, _folder.File("w.bin")]).WaitForExit();
        StringAssert.Contains(Rejected(("location", "w.bin")), "hard links");
    }

    [TestMethod]
    [Timeout(20_000)]
    public void A_pipe_is_refused_without_waiting_for_its_other_end()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("needs mkfifo");
        Process.Start("mkfifo", _folder.File("w.bin")).WaitForExit();
        StringAssert.Contains(Rejected(("location", "w.bin")), "pipe");
    }

    [TestMethod]
    public void Strings_cannot_lie_outside()
    {
        _folder.Write("w.bin", Bytes);
        var tensor = TinyModel.External(("location", "w.bin"));
        tensor.DataType = (int)DataType.String;
        Refusal.Expect(EfrapCode.TensorInconsistent, () => Read(tensor));
    }

    [TestMethod]
    public void Values_inside_and_outside_are_inconsistent()
    {
        _folder.Write("w.bin", Bytes);
        var tensor = TinyModel.External(("location", "w.bin"));
        tensor.FloatData.Add(1);
        Refusal.Expect(EfrapCode.TensorInconsistent, () => Read(tensor));
    }

    [TestMethod]
    public void More_than_2_GiB_in_all_is_refused_before_any_of_it_is_read()
    {
        using (var stream = File.Create(_folder.File("w.bin")))
            stream.SetLength(1L << 30);
        var model = TinyModel.With(TinyModel.External(("location", "w.bin")));
        model.Graph.Initializer.Add(model.Graph.Initializer[0].Clone());
        foreach (var tensor in model.Graph.Initializer)
            tensor.Dims[0] = 89_478_485; // Times 3 floats: 4 bytes short of 1 GiB each.
        var path = TinyModel.WriteTo(_folder, model);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refusal.Expect(EfrapCode.ModelTooLarge, () => OnnxModelReader.Read(path));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Link(Action create)
    {
        try
        {
            create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Inconclusive($"symbolic links cannot be made here: {e.Message}");
        }
    }

    private string Rejected(params (string, string)[] entries) =>
        Refusal.Expect(EfrapCode.ExternalDataRejected, () => ReadOne(entries));

    private TensorProto ReadOne(params (string, string)[] entries) => Read(TinyModel.External(entries));

    private TensorProto Read(TensorProto tensor) =>
        OnnxModelReader.Read(TinyModel.WriteTo(_folder, TinyModel.With(tensor))).Proto.Graph.Initializer[0];
}
