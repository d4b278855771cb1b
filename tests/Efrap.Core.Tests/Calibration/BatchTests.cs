using System.Security.Cryptography;
using Efrap.Core.Calibration;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class BatchTests : CalibrationTest
{
    [TestMethod]
    public void An_open_batch_axis_takes_32_samples_and_then_the_rest()
    {
        var set = Load(NpyFile.Bytes(70, 1), Input("x", DataType.Uint8, null, 1));
        Assert.AreEqual((70, 32, 3), (set.SampleCount, set.BatchSize, set.BatchCount));
        CollectionAssert.AreEqual(new long[] { 6, 1 }, set.GetBatch(2)[0].Shape.ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 70).Select(i => (byte)i).ToArray(), Enumerable.Range(0, 3).SelectMany(i => set.GetBatch(i)[0].Data).ToArray());
        Assert.IsEmpty(set.Notes);
    }

    [TestMethod]
    public void Another_batch_size_can_be_asked_for()
    {
        var path = Folder.Write("c.npy", NpyFile.Bytes(7, 1));
        var set = CalibrationSet.Load(new CalibrationOptions(path), [Input("x", DataType.Uint8, null, 1)], defaultBatchSize: 3);
        Assert.AreEqual((3, 3), (set.BatchSize, set.BatchCount));
    }

    [TestMethod]
    public void A_fixed_batch_axis_is_kept_to_and_the_remainder_noted()
    {
        var set = Load(NpyFile.Bytes(7, 1), Input("x", DataType.Uint8, 3, 1));
        Assert.AreEqual((6, 3, 2), (set.SampleCount, set.BatchSize, set.BatchCount));
        Assert.HasCount(1, set.Notes);
        StringAssert.Contains(set.Notes[0], "last 1 of 7");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => set.GetBatch(2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => set.GetBatch(-1));
    }

    [TestMethod]
    public void A_batch_axis_of_one_takes_samples_one_by_one()
    {
        var set = Load(NpyFile.Bytes(3, 3, 2, 2), Input("x", DataType.Float, 1, 3, 2, 2));
        Assert.AreEqual((3, 1, 3), (set.SampleCount, set.BatchSize, set.BatchCount));
    }

    [TestMethod]
    public void Fewer_samples_than_a_fixed_batch_are_refused() =>
        StringAssert.Contains(
            Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(7, 1), Input("x", DataType.Uint8, 8, 1)), "at least 8");

    [TestMethod]
    public void Inputs_that_disagree_on_the_batch_are_refused()
    {
        var file = NpyFile.Zip(("a", NpyFile.Bytes(6, 1)), ("b", NpyFile.Bytes(6, 1)));
        Refused(EfrapCode.CalibrationMismatch, file, Input("a", DataType.Uint8, 2, 1), Input("b", DataType.Uint8, 3, 1));
        Assert.AreEqual(2, Load(file, Input("a", DataType.Uint8, 2, 1), Input("b", DataType.Uint8, null, 1)).BatchSize);
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(-1L)]
    public void An_impossible_batch_is_refused(long size) =>
        Refused(EfrapCode.CalibrationMismatch, NpyFile.Bytes(6, 1), Input("a", DataType.Uint8, size, 1));

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_first_samples_are_used(bool fortran)
    {
        object[] values = [0m, 1m, 2m, 3m, 4m, 5m];
        var set = Load(NpyFile.Create("|u1", [3, 2], values, fortran), o => o with { Samples = 2 }, Input("x", DataType.Uint8, null, 2));
        CollectionAssert.AreEqual(new byte[] { 0, 1, 2, 3 }, set.GetBatch(0)[0].Data);
        Assert.IsEmpty(set.Notes);
    }

    [TestMethod]
    public void More_samples_than_there_are_is_noted()
    {
        var set = Load(NpyFile.Bytes(3, 1), o => o with { Samples = 5 }, Input("x", DataType.Uint8, null, 1));
        Assert.AreEqual(3, set.SampleCount);
        StringAssert.Contains(set.Notes.Single(), "5 calibration samples were asked for and there are 3");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    public void Less_than_one_sample_is_an_invalid_setting(int samples) =>
        Refused(EfrapCode.InvalidSetting, NpyFile.Bytes(3, 1), o => o with { Samples = samples }, Input("x", DataType.Uint8, null, 1));

    [TestMethod]
    public void Several_threads_get_the_same_batches()
    {
        var set = Load(NpyFile.Bytes(320, 3, 2, 2), o => o with { Scale = 0.1, Mean = [1, 2, 3] }, Image());
        var expected = Enumerable.Range(0, set.BatchCount).Select(i => set.GetBatch(i)[0].Data).ToArray();
        Parallel.For(0, 200, i => CollectionAssert.AreEqual(expected[i % set.BatchCount], set.GetBatch(i % set.BatchCount)[0].Data));
    }

    [TestMethod]
    public void The_hash_is_that_of_the_file()
    {
        var file = NpyFile.Zip(("x", NpyFile.Bytes(3, 1)));
        Assert.AreEqual(
            Convert.ToHexStringLower(SHA256.HashData(file)), Load(file, Input("x", DataType.Uint8, null, 1)).Sha256);
    }

    [TestMethod]
    public void A_cancelled_load_reads_nothing() =>
        Assert.ThrowsExactly<OperationCanceledException>(
            () => CalibrationSet.Load(new CalibrationOptions("absent"), [Image()], new CancellationToken(true)));
}
