using Efrap.Build.Tests.Apps;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Rounding;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class ItemTests
{
    [TestMethod]
    public void Every_item_puts_the_hardened_model_where_the_original_would_have_gone()
    {
        using var app = new App("""
            <ItemGroup>
              <None Update="Models/none.onnx" CopyToOutputDirectory="Always" />
              <Content Include="Models/same.onnx" CopyToOutputDirectory="IfDifferent" />
              <Content Include="Models/other/same.onnx" CopyToOutputDirectory="PreserveNewest" />
              <Content Include="Models/target.onnx" TargetPath="elsewhere/renamed.onnx" CopyToOutputDirectory="PreserveNewest" />
              <Content Include="../outside/linked.onnx" Link="linked/here.onnx" CopyToOutputDirectory="PreserveNewest" />
              <None Include="./Models/../../outside/unlinked.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EmbeddedResource Include="Models/named.onnx" LogicalName="a name" />
              <EmbeddedResource Include="../outside/embedded.onnx" Link="Data/embedded.onnx" />
              <EfrapModel Include="Models/**/*.onnx;$(MSBuildProjectDirectory)/../outside/*.onnx" Calibration="calibration.npz" />
            </ItemGroup>
            """);
        app.Write("calibration.npz", CalibrationFile.Create(seed: 1));
        string[] models =
        [
            "Models/none.onnx", "Models/same.onnx", "Models/other/same.onnx", "Models/target.onnx", "Models/named.onnx",
            "../outside/linked.onnx", "../outside/unlinked.onnx", "../outside/embedded.onnx",
        ];
        for (var i = 0; i < models.Length; i++)
            app.Write(models[i], TinyModel.Create(seed: i));

        var build = app.Succeed("build");

        Assert.IsEmpty(build.Warnings.Where(warning => warning.Code == "EFRAP0006"));
        AssertCopied("Models/none.onnx", "Models/none.onnx");
        AssertCopied("Models/same.onnx", "Models/same.onnx");
        AssertCopied("Models/other/same.onnx", "Models/other/same.onnx");
        AssertCopied("Models/target.onnx", "elsewhere/renamed.onnx");
        AssertCopied("../outside/linked.onnx", "linked/here.onnx");
        AssertCopied("../outside/unlinked.onnx", "unlinked.onnx");
        var resources = Bytes.Resources(Path.Combine(app.Output, "App.dll"));
        AssertHardened(resources["a name"], "Models/named.onnx");
        AssertHardened(resources["App.Data.embedded.onnx"], "../outside/embedded.onnx");
        Assert.HasCount(2, resources);
        Assert.HasCount(6, Directory.GetFiles(app.Output, "*.onnx", SearchOption.AllDirectories));

        void AssertCopied(string model, string place) => AssertHardened(File.ReadAllBytes(Path.Combine(app.Output, place)), model);
        void AssertHardened(byte[] shipped, string model) =>
            Bytes.AreHardened(shipped, Path.Combine(app.Hardened, model.Replace("../", "__/", StringComparison.Ordinal)), Path.Combine(app.Folder, model));
    }

    [TestMethod]
    public void A_model_that_nothing_ships_is_a_warning()
    {
        using var app = App.WithOneModel("""<ItemGroup><EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" /></ItemGroup>""");

        var build = app.Succeed("build");

        var warning = build.Warnings.Single(warning => warning.Code == "EFRAP0006");
        Assert.AreEqual(Path.Combine(app.Folder, "Models/m.onnx"), warning.File);
        Assert.IsTrue(File.Exists(Path.Combine(app.Hardened, "Models/m.onnx")));
        Assert.IsEmpty(Directory.GetFiles(app.Output, "*.onnx", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_quantized_model_ships_rounded_anew_beside_its_source()
    {
        using var app = App.WithOneModel("""
            <ItemGroup>
              <Content Include="Models/m.int8.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Models/m.int8.onnx" Source="Models/m.onnx" Calibration="Models/calibration.npz" CalibrationScale="1/255" />
            </ItemGroup>
            """);
        var quantized = Path.Combine(app.Folder, "Models/m.int8.onnx");
        Harden.Run(new HardenOptions(
            Path.Combine(app.Folder, "Models/m.onnx"), quantized, new CalibrationOptions(Path.Combine(app.Folder, "Models/calibration.npz")) { Scale = 1 / 255.0 })
        {
            Solver = Solver.Nearest,
        });

        app.Succeed("build");

        var (shipped, original) = (File.ReadAllBytes(Path.Combine(app.Output, "Models/m.int8.onnx")), File.ReadAllBytes(quantized));
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(app.Hardened, "Models/m.int8.onnx")), shipped);
        Assert.HasCount(original.Length, shipped, "only integers change");
        CollectionAssert.AreNotEqual(original, shipped);
    }

    [TestMethod]
    public void Names_with_spaces_signs_and_letters_of_other_alphabets_work()
    {
        using var app = new App(
            """
            <PropertyGroup>
              <EfrapLattices>int8-per-channel</EfrapLattices>
              <EfrapProbeTime>0</EfrapProbeTime>
            </PropertyGroup>
            <ItemGroup>
              <Content Include="it%27s a%3Bb@2 %2541.onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="it%27s a%3Bb@2 %2541.onnx" Calibration="Калибровка 1/é's.npz" />
              <EmbeddedResource Include="Модели 模型/größe (ü).onnx" LogicalName="%(Filename)" />
              <Content Include="Модели 模型/größe (ü).onnx" CopyToOutputDirectory="PreserveNewest" />
              <EfrapModel Include="Модели 模型/größe (ü).onnx" Calibration="Калибровка 1/é's.npz" />
            </ItemGroup>
            """,
            folder: "o'Brien's App (1) — 应用 #@&;=");
        var model = app.Write("Модели 模型/größe (ü).onnx", TinyModel.Create(seed: 1));
        app.Write("Калибровка 1/é's.npz", CalibrationFile.Create(seed: 1));
        const string Signs = "it's a;b@2 %41.onnx";
        var signs = app.Write(Signs, TinyModel.Create(seed: 2));

        app.Succeed("build");
        Assert.AreEqual(0, app.Succeed("build", "--no-restore").WorkerStarts);

        var hardened = Path.Combine(app.Hardened, "Модели 模型/größe (ü).onnx");
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Output, "Модели 模型/größe (ü).onnx")), hardened, model);
        Bytes.AreHardened(Bytes.Resources(Path.Combine(app.Output, "App.dll"))["größe (ü)"], hardened, model);
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Output, Signs)), Path.Combine(app.Hardened, Signs), signs);
        var manifest = File.ReadAllText(Path.Combine(app.Hardened, "efrap.manifest.json"));
        Assert.Contains($"\"model\": \"{Signs}\"", manifest);
        Assert.Contains("\"path\": \"Модели 模型/größe (ü).onnx\"", manifest);
    }
}
