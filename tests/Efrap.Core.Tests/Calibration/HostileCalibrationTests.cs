using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using CsCheck;
using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class HostileCalibrationTests : CalibrationTest
{
    private static readonly ModelInput[] Inputs = [Input("a", DataType.Float, null, 2), Input("b", DataType.Int64, null, 1)];

    [TestMethod]
    [DataRow("absent.npz")]
    [DataRow("absent/x.npz")]
    [DataRow("")]
    [DataRow("a\0b")]
    public void What_is_not_there_is_not_found(string name)
    {
        var path = name.Length == 0 ? name : Folder.File(name);
        Refusal.Expect(EfrapCode.CalibrationNotFound, () => CalibrationSet.Load(new CalibrationOptions(path), [Image()]));
    }

    [TestMethod]
    [Timeout(20_000)]
    public void A_pipe_is_refused_without_waiting_for_its_other_end()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("needs mkfifo");
        Process.Start("mkfifo", Folder.File("x.npz")).WaitForExit();
        Refusal.Expect(EfrapCode.CalibrationNotFound, () => CalibrationSet.Load(new CalibrationOptions(Folder.File("x.npz")), [Image()]));
    }

    [TestMethod]
    [DataRow(new byte[0])]
    [DataRow(new byte[] { 1, 2, 3 })]
    [DataRow(new byte[] { (byte)'P', (byte)'K', 3, 4 })]
    public void Other_files_are_refused(byte[] file) => Refused(EfrapCode.CalibrationUnreadable, file, Image());

    [TestMethod]
    public void A_changed_value_is_found_by_its_checksum()
    {
        var file = NpyFile.Zip(CompressionLevel.NoCompression, ("input", NpyFile.Bytes(1, 3, 2, 2)));
        var value = file.AsSpan().IndexOf(new byte[] { 4, 5, 6, 7 });
        file[value]++;
        StringAssert.Contains(Refused(EfrapCode.CalibrationUnreadable, file, Image()), "checksum");
    }

    [TestMethod]
    public void A_changed_value_among_samples_that_are_not_used_is_found_too()
    {
        var file = NpyFile.Zip(CompressionLevel.NoCompression, ("input", NpyFile.Bytes(4, 3, 2, 2)));
        file[file.AsSpan().IndexOf(new byte[] { 44, 45, 46, 47 })]++;
        StringAssert.Contains(Refused(EfrapCode.CalibrationUnreadable, file, o => o with { Samples = 1 }, Image()), "checksum");
    }

    [TestMethod]
    [DataRow(1L << 20)]
    [DataRow((1L << 31) - 1)]
    public void More_than_the_bytes_there_can_unpack_to_is_refused_before_it_is_allocated(long claimed) =>
        StringAssert.Contains(RefusedClaim(claimed, [1, 2, 3]), "cannot unpack");

    [TestMethod]
    public void More_than_2_GiB_is_refused_before_it_is_allocated()
    {
        var incompressible = new byte[3_000_000];
        new Random(1).NextBytes(incompressible);
        StringAssert.Contains(RefusedClaim(2_200_000_000, incompressible), "use fewer");
    }

    [TestMethod]
    public void Fewer_bytes_than_claimed_are_refused() => RefusedClaim(1000, [1, 2, 3]);

    [TestMethod]
    public void Random_changes_of_an_npz_end_well()
    {
        var file = NpyFile.Zip(
            ("a", NpyFile.Floats([2, 2], 1, 2, 3, 4)), ("b", NpyFile.Create("<i4", [2, 1], [5m, 6m], fortran: true)));
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Array[1, 4].Sample(c => EndsWell(Changed(file, c)), iter: 3_000);
        Gen.Int[0, file.Length].Sample(length => EndsWell(file[..length]));
    }

    [TestMethod]
    public void Random_changes_of_an_npy_end_well()
    {
        var file = NpyFile.Create(">i4", [2, 3], [1m, 2m, 3m, 4m, 5m, 6m], fortran: true);
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Array[1, 4]
            .Sample(c => EndsWell(Changed(file, c), Input("x", DataType.Float, null, 3)), iter: 3_000);
        Gen.Int[0, file.Length].Sample(length => EndsWell(file[..length], Input("x", DataType.Float, null, 3)));
    }

    [TestMethod]
    public void Random_changes_of_a_tensor_file_end_well()
    {
        var file = TensorValues.FromInt64s("x", [2, 2], [1, 2, 3, 4]).ToByteArray();
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var folder = $"{Environment.CurrentManagedThreadId}";
                Folder.Write($"{folder}/input_0.pb", Changed(file, changes));
                var options = new CalibrationOptions(Folder.File(folder));
                Refusal.AtMost(1100, 1199, () => CalibrationSet.Load(options, [Input("x", DataType.Float, null, 2)]));
            },
            iter: 2_000);
    }

    // Both the header of the array and the archive's directory claim as many samples of one byte.
    private string RefusedClaim(long claimed, byte[] values)
    {
        var header = NpyFile.Header($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({claimed}, 1), }}");
        var file = NpyFile.Zip(("input", [.. header, .. values]));
        var (localHeader, directoryEntry) = (0x04034B50u, 0x02014B50u);
        foreach (var (signature, offset) in new[] { (localHeader, 22), (directoryEntry, 24) })
        {
            var position = file.AsSpan().LastIndexOf(BitConverter.GetBytes(signature)) + offset;
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(position), (uint)(claimed + header.Length));
        }

        Folder.Write("calibration.npz", file);
        var options = new CalibrationOptions(Folder.File("calibration.npz"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Refusal.Expect(
            EfrapCode.CalibrationUnreadable, () => CalibrationSet.Load(options, [Input("input", DataType.Uint8, null, 1)]));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        return message;
    }

    private static byte[] Changed(byte[] file, (int Position, byte Value)[] changes)
    {
        var bytes = file.ToArray();
        foreach (var (position, value) in changes)
            bytes[position] = value;
        return bytes;
    }

    // Samples are tried on several threads at once.
    private void EndsWell(byte[] file, params ModelInput[] inputs)
    {
        var options = new CalibrationOptions(Folder.Write($"{Environment.CurrentManagedThreadId}", file));
        Refusal.AtMost(1100, 1199, () => CalibrationSet.Load(options, inputs.Length == 0 ? Inputs : inputs));
    }
}
