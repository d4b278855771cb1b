using System.Security.Cryptography;
using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Calibration;

[TestClass]
public sealed class TensorFolderTests : CalibrationTest
{
    private static readonly ModelInput[] Two = [Input("a", DataType.Float, null, 2), Input("b", DataType.Int64, null, 1)];

    [TestMethod]
    public void Tensors_without_names_go_by_position()
    {
        Write("input_0.pb", TensorValues.FromSingles(string.Empty, [1, 2], [1, 2]));
        Write("input_1.pb", TensorValues.FromInt64s("other", [1, 1], [3]));
        Write("output_0.pb", TensorValues.FromInt64s("b", [1, 1], [9]));
        var batch = LoadFolder(Two).GetBatch(0);
        CollectionAssert.AreEqual(new float[] { 1, 2 }, Floats(batch[0]));
        Assert.AreEqual(3, BitConverter.ToInt64(batch[1].Data));
    }

    [TestMethod]
    public void Tensors_with_the_names_of_inputs_go_by_name()
    {
        Write("input_0.pb", TensorValues.FromInt64s("b", [1, 1], [3]));
        Write("input_1.pb", TensorValues.FromSingles("a", [1, 2], [1, 2]));
        CollectionAssert.AreEqual(new float[] { 1, 2 }, Floats(LoadFolder(Two).GetBatch(0)[0]));
    }

    [TestMethod]
    public void A_file_of_any_name_is_taken_by_its_own_name()
    {
        Write("image.pb", TensorValues.FromSingles(string.Empty, [1, 2], [1, 2]));
        Assert.AreEqual(1, LoadFolder(Input("image", DataType.Float, null, 2)).SampleCount);
    }

    [TestMethod]
    public void Data_sets_are_joined_in_the_order_of_their_numbers()
    {
        foreach (var i in new[] { 10, 2, 1 })
            Write($"test_data_set_{i}/input_0.pb", TensorValues.FromSingles("a", [i == 10 ? 2 : 1, 1], i == 10 ? [10, 11] : [i]));
        Directory.CreateDirectory(Folder.File("test_data_set_x"));
        var set = LoadFolder(Input("a", DataType.Float, null, 1));
        CollectionAssert.AreEqual(new float[] { 1, 2, 10, 11 }, Floats(set.GetBatch(0)[0]));
    }

    [TestMethod]
    public void The_hash_covers_the_files_in_the_order_read()
    {
        Write("test_data_set_1/input_0.pb", TensorValues.FromSingles("a", [1, 1], [2]));
        Write("test_data_set_0/input_0.pb", TensorValues.FromSingles("a", [1, 1], [1]));
        var files = new[] { 0, 1 }.SelectMany(i => File.ReadAllBytes(Folder.File($"test_data_set_{i}/input_0.pb"))).ToArray();
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(files)), LoadFolder(Input("a", DataType.Float, null, 1)).Sha256);
    }

    [TestMethod]
    public void The_first_samples_are_used_across_data_sets()
    {
        foreach (var i in new[] { 0, 1, 2 })
            Write($"test_data_set_{i}/input_0.pb", TensorValues.FromSingles("a", [2, 1], [2 * i, (2 * i) + 1]));
        var set = LoadFolder(o => o with { Samples = 3 }, Input("a", DataType.Float, null, 1));
        CollectionAssert.AreEqual(new float[] { 0, 1, 2 }, Floats(set.GetBatch(0)[0]));
    }

    [TestMethod]
    public void Values_in_typed_fields_are_read()
    {
        Check(DataType.Float, t => t.FloatData.AddRange([1, 2]));
        Check(DataType.Double, t => t.DoubleData.AddRange([1, 2]));
        Check(DataType.Float16, t => t.Int32Data.AddRange([0x3C00, 0x4000]));
        Check(DataType.Int64, t => t.Int64Data.AddRange([1, 2]));
        Check(DataType.Uint64, t => t.Uint64Data.AddRange([1, 2]));
        Check(DataType.Uint32, t => t.Uint64Data.AddRange([1, 2]));
        foreach (var type in new[] { DataType.Int32, DataType.Uint16, DataType.Int16, DataType.Int8, DataType.Uint8 })
            Check(type, t => t.Int32Data.AddRange([1, 2]));
    }

    [TestMethod]
    public void Files_that_cannot_be_used_are_named()
    {
        Bad("input_0.pb", new TensorProto { DataType = (int)DataType.String, Dims = { 1 }, StringData = { ByteString.Empty } });
        Bad("input_0.pb", new TensorProto { DataType = (int)DataType.Float, Dims = { 2 }, FloatData = { 1 } });
        Bad("input_0.pb", new TensorProto { DataType = (int)DataType.Uint8, Dims = { 1 }, Int32Data = { 256 } });
        Bad("input_0.pb", new TensorProto { DataType = (int)DataType.Float16, Dims = { 1 }, Int32Data = { 65536 } });
        var external = new TensorProto { DataType = (int)DataType.Float, Dims = { 1 }, DataLocation = DataLocation.External };
        external.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "x" });
        Bad("input_0.pb", external);
        Folder.Write("input_0.pb", [1, 2, 3]);
        StringAssert.Contains(RefusedFolder(EfrapCode.CalibrationUnreadable, Two[0]), "'input_0.pb'");
    }

    [TestMethod]
    public void A_missing_input_lists_what_is_there_and_what_is_wanted()
    {
        Write("input_0.pb", TensorValues.FromSingles("a", [1, 2], [1, 2]));
        var message = RefusedFolder(EfrapCode.CalibrationMismatch, Two);
        StringAssert.Contains(message, "takes 'a', 'b'");
        StringAssert.Contains(message, "has 'a'");
    }

    [TestMethod]
    public void Samples_of_several_sizes_are_refused()
    {
        Write("test_data_set_0/input_0.pb", TensorValues.FromSingles("a", [1, 2], [1, 2]));
        Write("test_data_set_1/input_0.pb", TensorValues.FromSingles("a", [1, 3], [1, 2, 3]));
        StringAssert.Contains(RefusedFolder(EfrapCode.CalibrationMismatch, Input("a", DataType.Float, null, null)), "one size");
    }

    [TestMethod]
    public void Folders_that_hold_nothing_or_too_much_are_refused()
    {
        RefusedFolder(EfrapCode.CalibrationUnreadable, Two);
        Write("test_data_set_0/input_0.pb", TensorValues.FromSingles("a", [1, 2], [1, 2]));
        Write("input_0.pb", TensorValues.FromSingles("a", [1, 2], [1, 2]));
        StringAssert.Contains(RefusedFolder(EfrapCode.CalibrationUnreadable, Two[0]), "both");
    }

    private void Check(DataType type, Action<TensorProto> fill)
    {
        var tensor = new TensorProto { DataType = (int)type, Dims = { 2, 1 } };
        fill(tensor);
        Write("input_0.pb", tensor);
        CollectionAssert.AreEqual(new float[] { 1, 2 }, Floats(LoadFolder(Input("a", DataType.Float, null, 1)).GetBatch(0)[0]));
    }

    private void Bad(string name, TensorProto tensor)
    {
        Write(name, tensor);
        StringAssert.Contains(RefusedFolder(EfrapCode.CalibrationUnreadable, Two[0]), $"'{name}'");
    }

    private void Write(string name, TensorProto tensor) => Folder.Write(name, tensor.ToByteArray());

    private CalibrationSet LoadFolder(params ModelInput[] inputs) => LoadFolder(o => o, inputs);

    private CalibrationSet LoadFolder(Func<CalibrationOptions, CalibrationOptions> change, params ModelInput[] inputs) =>
        CalibrationSet.Load(change(new CalibrationOptions(Folder.Path)), inputs);

    private string RefusedFolder(EfrapCode code, params ModelInput[] inputs) => Refusal.Expect(code, () => LoadFolder(inputs));
}
