using CsCheck;
using Efrap.Core.Onnx;
using Google.Protobuf;

namespace Efrap.Core.Tests.Onnx;

/// <summary>Whatever the bytes, reading ends in a model or in one line of the 1xxx range.</summary>
[TestClass]
public sealed class HostileModelTests
{
    // Larger files are covered by their tensors' lengths being the same fields; these keep a run short.
    private const int LargestModel = 400_000;

    private static readonly byte[][] Seeds =
    [
        TinyModel.Create().ToByteArray(),
        .. TestData.Models.Where(m => new FileInfo(m).Length <= LargestModel).Select(File.ReadAllBytes),
    ];

    [TestMethod]
    public void Random_bytes() => Gen.Byte.Array[0, 200].Sample(bytes => EndsWell(bytes));

    [TestMethod]
    public void Random_bytes_inside_a_graph() =>
        Gen.Byte.Array[0, 100].Sample(bytes => EndsWell([(7 << 3) | 2, (byte)bytes.Length, .. bytes]));

    [TestMethod]
    public void Random_truncation_of_real_models() =>
        Gen.Select(Gen.Int[0, Seeds.Length - 1], Gen.Double[0, 1])
            .Sample((seed, share) => EndsWell(Seeds[seed][..(int)(share * Seeds[seed].Length)]), iter: 500);

    [TestMethod]
    public void Random_changes_of_a_tiny_model() =>
        Gen.Select(Gen.Int[0, Seeds[0].Length - 1], Gen.Byte).Array[1, 4].Sample(changes => EndsWell(Changed(Seeds[0], changes)), iter: 5_000);

    [TestMethod]
    public void Random_changes_of_real_models() =>
        Gen.Int[0, Seeds.Length - 1]
            .SelectMany(seed => Gen.Select(Gen.Int[0, Seeds[seed].Length - 1], Gen.Byte).Array[1, 20].Select(changes => (seed, changes)))
            .Sample(x => EndsWell(Changed(Seeds[x.seed], x.changes)), iter: 1_000);

    private static byte[] Changed(byte[] model, (int Position, byte Value)[] changes)
    {
        var bytes = model.ToArray();
        foreach (var (position, value) in changes)
            bytes[position] = value;
        return bytes;
    }

    private static void EndsWell(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", bytes);
        OnnxModel? model = null;
        if (Refusal.AtMost(1000, 1099, () => model = OnnxModelReader.Read(path)) is null)
            AssertStable(model!, folder);
    }

    // What is read can be written, and reading and writing once more changes nothing.
    private static void AssertStable(OnnxModel model, TemporaryFolder folder)
    {
        var first = model.Proto.ToByteArray();
        var second = OnnxModelReader.Read(folder.Write("again.onnx", first)).Proto.ToByteArray();
        CollectionAssert.AreEqual(first, second);
    }
}
