using System.IO.Compression;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class NpzMatchingTests : CalibrationTest
{
    [TestMethod]
    [DataRow(CompressionLevel.NoCompression)]
    [DataRow(CompressionLevel.SmallestSize)]
    public void Arrays_are_found_by_name_stored_or_deflated(CompressionLevel level)
    {
        var file = NpyFile.Zip(
            level, ("b", NpyFile.Bytes(2, 1)), ("labels", NpyFile.Bytes(9)), ("a", NpyFile.Floats([2, 2], 1, 2, 3, 4)));
        var set = Load(file, Input("a", DataType.Float, null, 2), Input("b", DataType.Uint8, null, 1));
        var batch = set.GetBatch(0);
        Assert.AreEqual("a", batch[0].Name);
        Assert.AreEqual("b", batch[1].Name);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, Floats(batch[0]));
        CollectionAssert.AreEqual(new byte[] { 0, 1 }, batch[1].Data);
    }

    [TestMethod]
    public void The_only_array_goes_to_the_only_input_whatever_its_name() =>
        Assert.AreEqual(2, Load(NpyFile.Zip(("arr_0", NpyFile.Bytes(2, 3, 2, 2))), Image()).SampleCount);

    [TestMethod]
    public void Two_arrays_are_not_guessed_between()
    {
        var message = Refused(
            EfrapCode.CalibrationMismatch, NpyFile.Zip(("x", NpyFile.Bytes(2, 3, 2, 2)), ("labels", NpyFile.Bytes(2))), Image());
        StringAssert.Contains(message, "takes 'input'");
        StringAssert.Contains(message, "has 'x', 'labels'");
    }

    [TestMethod]
    public void A_missing_array_lists_what_is_there_and_what_is_wanted()
    {
        var file = NpyFile.Zip(("a", NpyFile.Bytes(2, 1)));
        var message = Refused(
            EfrapCode.CalibrationMismatch, file, Input("a", DataType.Uint8, null, 1), Input("b", DataType.Uint8, null, 1));
        StringAssert.Contains(message, "takes 'a', 'b'");
        StringAssert.Contains(message, "has 'a'");
    }

    [TestMethod]
    public void Names_may_hold_what_paths_may_not()
    {
        var file = NpyFile.Zip(("serving/default:0", NpyFile.Bytes(2, 1)), ("../up", NpyFile.Bytes(2, 1)));
        var set = Load(file, Input("serving/default:0", DataType.Uint8, null, 1), Input("../up", DataType.Uint8, null, 1));
        Assert.AreEqual(2, set.SampleCount);
        Assert.HasCount(1, Folder.Content());
    }

    [TestMethod]
    public void An_array_that_is_there_twice_is_refused() =>
        Refused(
            EfrapCode.CalibrationUnreadable,
            NpyFile.Zip(("input", NpyFile.Bytes(1, 3, 2, 2)), ("input", NpyFile.Bytes(2, 3, 2, 2))),
            Image());

    [TestMethod]
    public void An_archive_without_arrays_is_refused() =>
        StringAssert.Contains(Refused(EfrapCode.CalibrationMismatch, NpyFile.Zip(), Image()), "has nothing");

    [TestMethod]
    public void Arrays_that_no_input_needs_are_not_even_read()
    {
        var file = NpyFile.Zip(CompressionLevel.NoCompression, ("input", NpyFile.Bytes(2, 3, 2, 2)), ("junk", [1, 2, 3]));
        Assert.AreEqual(2, Load(file, Image()).SampleCount);
    }
}
