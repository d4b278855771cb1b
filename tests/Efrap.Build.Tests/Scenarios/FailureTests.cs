using Efrap.Build.Tests.Apps;

namespace Efrap.Build.Tests.Scenarios;

[TestClass]
public sealed class FailureTests
{
    private const string Calibration = "Calibration=\"calibration.npz\"";

    private static App? _app;

    [ClassInitialize]
    public static void Restore(TestContext context)
    {
        _app = new App("""<Import Project="$(Configuration).props" />""");
        _app.Write("m.onnx", TinyModel.Create(seed: 1));
        _app.Write("good.onnx", TinyModel.Create(seed: 2));
        _app.Write("calibration.npz", CalibrationFile.Create(seed: 1));
        _app.Write("broken.onnx", TinyModel.Create(seed: 1)[..100]);
        _app.Write("text.npz", "no samples"u8.ToArray());
        _app.Write("Debug.props", "<Project />"u8.ToArray());
        _app.Succeed("restore");
    }

    [ClassCleanup]
    public static void Delete() => _app?.Dispose();

    // A configuration of its own for each: they share the project and the restored package, not obj and bin.
    [TestMethod]
    [DataRow("NoCalibration", "m.onnx", "", "EFRAP0003", "App.csproj")]
    [DataRow("NoSuchCalibration", "m.onnx", "Calibration=\"nowhere.npz\"", "EFRAP1101", "nowhere.npz")]
    [DataRow("BrokenCalibration", "m.onnx", "Calibration=\"text.npz\"", "EFRAP1102", "text.npz")]
    [DataRow("NoSuchModel", "nowhere.onnx", Calibration, "EFRAP1001", "nowhere.onnx")]
    [DataRow("BrokenModel", "broken.onnx", Calibration, "EFRAP1002", "broken.onnx")]
    [DataRow("WrongPrecision", "m.onnx", Calibration + " Precision=\"int7\"", "EFRAP0003", "App.csproj")]
    [DataRow("WrongGranularity", "m.onnx", Calibration + " Granularity=\"per-row\"", "EFRAP0003", "App.csproj")]
    [DataRow("WrongBudget", "m.onnx", Calibration + " Budget=\"1.5\"", "EFRAP0003", "App.csproj")]
    [DataRow("WrongNumber", "m.onnx", Calibration + " CalibrationScale=\"0,5\"", "EFRAP0003", "App.csproj")]
    [DataRow("TorchTier", "m.onnx", Calibration + " Solver=\"paper\" SolverSteps=\"20\"", "EFRAP0008", "App.csproj")]
    [DataRow("WrongSolver", "m.onnx", Calibration + " Solver=\"sgd\"", "EFRAP0003", "App.csproj")]
    [DataRow("WrongSteps", "m.onnx", Calibration + " SolverSteps=\"many\"", "EFRAP0003", "App.csproj")]
    [DataRow("WrongAction", "m.onnx", Calibration + " Action=\"Watch\"", "EFRAP0003", "App.csproj")]
    [DataRow("NoSuchPolicy", "m.onnx", Calibration, "EFRAP0009", "nowhere.json", "-p:EfrapPolicyFile=nowhere.json")]
    [DataRow("WrongThreshold", "m.onnx", Calibration, "EFRAP0003", "App.csproj", "-p:EfrapThresholds=agree=0.1")]
    [DataRow("WrongProbeTime", "m.onnx", Calibration, "EFRAP0003", "App.csproj", "-p:EfrapProbeTime=soon")]
    [DataRow("Twice", "m.onnx;./m.onnx", Calibration, "EFRAP0003", "App.csproj")]
    [DataRow("WrongMode", "m.onnx", Calibration, "EFRAP0003", "App.csproj", "-p:EfrapMode=Warn")]
    public void A_failure_is_one_error_with_code_and_file_and_ships_nothing(
        string configuration, string models, string metadata, string code, string file, params string[] properties)
    {
        var app = _app!;
        File.WriteAllText(Path.Combine(app.Folder, $"{configuration}.props"), $"""
            <Project>
              <ItemGroup>
                <Content Include="good.onnx;{models}" CopyToOutputDirectory="PreserveNewest" />
                <EfrapModel Include="{models}" {metadata} />
                <EfrapModel Include="good.onnx" {Calibration} />
              </ItemGroup>
            </Project>
            """);

        var build = app.Run("build", ["--no-restore", "-c", configuration, .. properties]);

        Assert.AreNotEqual(0, build.ExitCode);
        Assert.HasCount(1, build.Errors, build.Output);
        var error = build.Errors[0];
        Assert.AreEqual(code, error.Code, error.Text);
        Assert.AreEqual(Path.Combine(app.Folder, file), error.File, error.Text);
        Assert.DoesNotContain("\n", error.Text);
        var output = Path.Combine(app.Folder, "bin", configuration);
        Assert.IsEmpty(Directory.Exists(output) ? Directory.GetFiles(output, "*", SearchOption.AllDirectories) : [], "something was shipped");
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(app.Folder, "obj", configuration), "App.dll", SearchOption.AllDirectories), "the app was compiled");
    }
}
