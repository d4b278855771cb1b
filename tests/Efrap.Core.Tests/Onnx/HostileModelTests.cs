using CsCheck;
using Efrap.Core.Onnx;
using Google.Protobuf;

namespace Efrap.Core.Tests.Onnx;

/// <summary>Whatever the bytes, reading ends in a model or in one line of the 1xxx range.</summary>
[TestClass]
public sealed class HostileModelTests : IDisposable
{
    // Larger files are covered by their tensors' lengths being the same fields; these keep a run short.
    private const int LargestModel = 400_000;

    private static readonly byte[][] Seeds =
    [
        TinyModel.Create().ToByteArray(),
        .. TestData.Models.Where(m => new FileInfo(m).Length <= LargestModel).Select(File.ReadAllBytes),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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

    // Samples are tried on several threads at once.
    private void EndsWell(byte[] bytes)
    {
        var name = $"{Environment.CurrentManagedThreadId}.onnx";
        OnnxModel? model = null;
        if (Refusal.AtMost(1000, 1099, () => model = OnnxModelReader.Read(_folder.Write(name, bytes))) is null)
            AssertStable(model!, name);
    }

    // What is read can be written, and reading and writing once more changes nothing.
    private void AssertStable(OnnxModel model, string name)
    {
        var first = model.Proto.ToByteArray();
        var second = OnnxModelReader.Read(_folder.Write(name, first)).Proto.ToByteArray();
        Assert.IsTrue(first.AsSpan().SequenceEqual(second));
    }
}
