using CsCheck;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Release;
using Efrap.Core.Tests.Onnx;
using Google.Protobuf;

namespace Efrap.Core.Tests.Release;

/// <summary>Models are known by their bytes, and nothing else is taken for one.</summary>
[TestClass]
public sealed class ModelRecognitionTests
{
    [TestMethod]
    public void Every_model_is_recognized()
    {
        foreach (var path in TestData.Models.Where(m => new FileInfo(m).Length < 4 << 20))
            Assert.IsTrue(IsModel(File.ReadAllBytes(path), 1 << 16), path);
        Assert.IsTrue(IsModel(SampleModels.Hardened, 1));
    }

    [TestMethod]
    public void Whatever_the_pieces()
    {
        var model = TinyModel.Create().ToByteArray();
        Gen.Int[1, 50].Sample(piece => Assert.IsTrue(IsModel(model, piece)), iter: 50);
    }

    [TestMethod]
    public void A_cut_model_is_none()
    {
        var model = TinyModel.Create().ToByteArray();
        for (var length = 0; length < model.Length; length++)
        {
            // Where it is cut between two fields, what remains may be a model.
            if (!IsModel(model[..length], 7))
                continue;
            Assert.IsNotNull(ModelProto.Parser.ParseFrom(model[..length]).Graph);
        }
    }

    [TestMethod]
    public void A_model_may_have_fields_that_nobody_knows()
    {
        // Of number 100: one value of each type that the format has, a group within a group among them.
        byte[] unknown =
        [
            0xA0, 6, 5, 0xA1, 6, 1, 2, 3, 4, 5, 6, 7, 8, 0xA2, 6, 2, 9, 9, 0xA3, 6, 0xA3, 6, 8, 1, 0xA4, 6, 0xA4, 6, 0xA5, 6, 1, 2, 3, 4,
        ];
        byte[] model = [.. unknown, .. SampleModels.Hardened, .. unknown];
        Assert.IsNotNull(ModelProto.Parser.ParseFrom(model).Graph);
        Assert.IsTrue(IsModel(model, 3));
    }

    [TestMethod]
    public void Other_files_are_none()
    {
        var files = Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f => Path.GetExtension(f) != ".onnx")
            .Concat(Directory.EnumerateFiles(Path.Combine(TestData.Repository, "docs"), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Path.Combine(TestData.Repository, "src", "Efrap.Core"), "*.cs", SearchOption.AllDirectories))
            .Append(TestData.Fixture("shapes-test.npz")).ToList();
        Assert.IsGreaterThan(100, files.Count);
        foreach (var file in files)
            Assert.IsFalse(IsModel(File.ReadAllBytes(file), 1 << 16), file);
    }

    [TestMethod]
    public void Parts_of_models_are_none()
    {
        var model = TinyModel.Create();
        Assert.IsFalse(IsModel(model.Graph.ToByteArray(), 16));
        Assert.IsFalse(IsModel(model.Graph.Initializer[0].ToByteArray(), 16));
        Assert.IsFalse(IsModel(model.Graph.Node[0].ToByteArray(), 16));
    }

    [TestMethod]
    public void Random_bytes_end_well() => Gen.Byte.Array[0, 100].Sample(bytes =>
    {
        if (!IsModel(bytes, 8))
            return;
        try
        {
            Assert.IsNotNull(ModelProto.Parser.ParseFrom(bytes).Graph);
        }
        catch (InvalidProtocolBufferException)
        {
            // Only the top level is walked.
        }
    });

    private static bool IsModel(byte[] bytes, int piece)
    {
        var recognition = new ModelRecognition(bytes.Length);
        foreach (var part in bytes.Chunk(piece))
            recognition.Add(part);
        return recognition.IsModel;
    }
}
