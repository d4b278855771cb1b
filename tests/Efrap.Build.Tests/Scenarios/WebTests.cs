using System.Security.Cryptography;
using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class WebTests
{
    // It asks itself for the model, as a browser would.
    private const string Program = """
        using Microsoft.AspNetCore.Builder;
        using Microsoft.Extensions.Logging;

        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapStaticAssets();
        await app.StartAsync();
        using var client = new System.Net.Http.HttpClient();
        var model = await client.GetByteArrayAsync(System.Linq.Enumerable.Single(app.Urls) + "/models/m.onnx");
        System.Console.WriteLine("served " + System.Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(model)));
        """;

    [TestMethod]
    public void A_web_app_serves_the_hardened_model_while_developing_and_published()
    {
        using var app = new App("""
            <PropertyGroup>
              <EfrapLattices>int8-per-channel</EfrapLattices>
              <EfrapProbeTime>0</EfrapProbeTime>
              <ErrorOnDuplicatePublishOutputFiles>true</ErrorOnDuplicatePublishOutputFiles>
            </PropertyGroup>
            <ItemGroup>
              <EfrapModel Include="wwwroot/models/m.onnx" Calibration="calibration.npz" />
            </ItemGroup>
            """);
        File.WriteAllText(app.Project, File.ReadAllText(app.Project).Replace("Microsoft.NET.Sdk\"", "Microsoft.NET.Sdk.Web\"", StringComparison.Ordinal));
        app.Write("Program.cs", System.Text.Encoding.UTF8.GetBytes(Program));
        app.Write("calibration.npz", CalibrationFile.Create(seed: 1));
        var original = app.Write("wwwroot/models/m.onnx", TinyModel.Create(seed: 1));
        var hardened = Path.Combine(app.Hardened, "wwwroot/models/m.onnx");

        app.Succeed("build");

        var (exitCode, output) = DotNet.Run(app.Folder, "run", "--no-build", "--", "--environment", "Development");
        Assert.AreEqual(0, exitCode, output);
        Assert.Contains("served " + Hash(hardened), output, "`dotnet run` serves another model");
        app.Succeed("publish", "-c", "Debug", "-o", "out", "--no-build");
        Bytes.AreHardened(File.ReadAllBytes(Path.Combine(app.Folder, "out/wwwroot/models/m.onnx")), hardened, original);
        (exitCode, output) = DotNet.Run(Path.Combine(app.Folder, "out"), "App.dll");
        Assert.AreEqual(0, exitCode, output);
        Assert.Contains("served " + Hash(hardened), output);
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
