using Efrap.Build.Tests.Apps;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class FormatTests
{
    [TestMethod]
    public void External_data_stays_with_a_model_that_ships_as_it_is_and_goes_with_one_that_is_hardened()
    {
        using var app = App.WithOneModel("""
            <PropertyGroup>
              <EfrapLattices>int8-per-channel</EfrapLattices>
              <EfrapProbeTime>0</EfrapProbeTime>
            </PropertyGroup>
            <ItemGroup>
              <Content Include="Models/*.onnx;Models/*data;Models/*.ort" CopyToOutputDirectory="PreserveNewest" />
              <None Include="known.tflite" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/m.onnx;Models/hardened.onnx" Calibration="Models/calibration.npz" />
              <EfrapModel Include="Models/audited.onnx" Action="Audit" />
              <EfrapModel Include="known.tflite" Action="Skip" />
            </ItemGroup>
            """);
        WriteWithData(app, "Models/hardened.onnx", "hardened.onnx_data");
        WriteWithData(app, "Models/audited.onnx", "weights.data");
        app.Write("Models/a.ort", "an ORT model"u8.ToArray());
        app.Write("known.tflite", "a TFLite model"u8.ToArray());

        var build = app.Succeed("build");

        CollectionAssert.AreEquivalent(
            new[] { "a.ort", "audited.onnx", "hardened.onnx", "m.onnx", "weights.data" },
            Directory.GetFiles(Path.Combine(app.Output, "Models")).Select(Path.GetFileName).ToArray());
        Bytes.AreHardened(
            File.ReadAllBytes(Path.Combine(app.Output, "Models/hardened.onnx")),
            Path.Combine(app.Hardened, "Models/hardened.onnx"),
            Path.Combine(app.Folder, "Models/hardened.onnx"));
        var manifest = File.ReadAllText(Path.Combine(app.Hardened, "efrap.manifest.json"));
        Assert.Contains("\"name\": \"weights.data\"", manifest);
        Assert.DoesNotContain("hardened.onnx_data", manifest);
        Assert.Contains("\"model\": \"known.tflite\"", manifest);
        var warning = build.Warnings.Single(warning => warning.Code == "EFRAP0011");
        Assert.AreEqual(Path.Combine(app.Folder, "Models/a.ort"), warning.File);

        var data = Path.Combine(app.Output, "Models/weights.data");
        var bytes = File.ReadAllBytes(data);
        bytes[0] ^= 1;
        File.WriteAllBytes(data, bytes);
        var error = app.Run("build", "--no-restore").Errors.Single();
        Assert.AreEqual(("EFRAP0010", data), (error.Code, error.File));
    }

    private static void WriteWithData(App app, string model, string data)
    {
        var proto = ModelProto.Parser.ParseFrom(TinyModel.Create(seed: 1));
        var weight = proto.Graph.Initializer.Single(tensor => tensor.Name == "fc.weight");
        app.Write(Path.Combine(Path.GetDirectoryName(model)!, data), weight.RawData.ToByteArray());
        weight.ClearRawData();
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = data });
        app.Write(model, proto.ToByteArray());
    }
}
