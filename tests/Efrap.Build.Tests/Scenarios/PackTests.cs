using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class PackTests
{
    [TestMethod]
    [DataRow("<TargetFramework>net10.0</TargetFramework>", DisplayName = "one framework")]
    [DataRow("<TargetFramework /><TargetFrameworks>net10.0</TargetFrameworks>", DisplayName = "a list of frameworks")]
    public void A_model_that_would_be_packed_unhardened_is_an_error(string frameworks)
    {
        using var app = App.WithOneModel($"""
            <PropertyGroup>
              <OutputType>Library</OutputType>
              {frameworks}
            </PropertyGroup>
            <ItemGroup>
              <Compile Remove="Program.cs" />
              <Content Include="Models/m.onnx" />
              <EfrapModel Include="Models/m.onnx" Calibration="Models/calibration.npz" />
            </ItemGroup>
            """);

        var pack = app.Run("pack", "-o", "out");

        Assert.AreNotEqual(0, pack.ExitCode);
        var error = pack.Errors.Single();
        Assert.AreEqual("EFRAP0003", error.Code, error.Text);
        Assert.Contains("'Models/m.onnx'", error.Text);
        Assert.IsFalse(Directory.Exists(Path.Combine(app.Folder, "out")) && Directory.GetFiles(Path.Combine(app.Folder, "out")).Length > 0);
    }
}
