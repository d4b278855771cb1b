using System.Text.Json;
using Efrap.Core.Evidence;
using Efrap.Core.Quantization;

namespace Efrap.Core.Tests.Evidence;

[TestClass]
public sealed class ReportJsonTests
{
    private static readonly HardenReport Report = new()
    {
        EngineVersion = "0.1.0",
        Model = "model.onnx",
        ModelSha256 = "aa",
        Output = "out.onnx",
        OutputSha256 = "bb",
        Precision = "int8",
        Solver = "budget",
        Budget = 0.5,
        Runtime = new RuntimeVersions("1.2.3", "10", "x64"),
        Calibration = "samples.npz",
        CalibrationSha256 = "cc",
        Samples = 2,
        Layers = [new LayerReport("conv", "Conv", 16, 27, 1, 0.25, 2, 1, 0.1, BudgetMet: true)],
        Skipped = [new SkippedNode("lstm", "LSTM", "A(b) > ρ·A(nearest)")],
        Notes = [],
    };

    [TestMethod]
    public void The_text_is_this()
    {
        Assert.AreEqual(
            """
            {
              "engineVersion": "0.1.0",
              "runtime": {
                "onnxRuntime": "1.2.3",
                "dotNet": "10",
                "architecture": "x64"
              },
              "model": "model.onnx",
              "modelSha256": "aa",
              "externalData": [],
              "output": "out.onnx",
              "outputSha256": "bb",
              "precision": "int8",
              "solver": "budget",
              "budget": 0.5,
              "calibration": "samples.npz",
              "calibrationSha256": "cc",
              "samples": 2,
              "layers": [
                {
                  "name": "conv",
                  "operator": "Conv",
                  "rows": 16,
                  "columns": 27,
                  "groups": 1,
                  "flips": 0.25,
                  "activationErrorNearest": 2,
                  "activationError": 1,
                  "penalty": 0.1,
                  "budgetMet": true,
                  "inheritedError": 0,
                  "ratio": 0.5
                }
              ],
              "skipped": [
                {
                  "name": "lstm",
                  "operator": "LSTM",
                  "reason": "A(b) > ρ·A(nearest)"
                }
              ],
              "notes": []
            }

            """.ReplaceLineEndings("\n"),
            ReportJson.Serialize(Report));
    }

    [TestMethod]
    public void The_file_is_the_text()
    {
        var folder = Directory.CreateTempSubdirectory("efrap-");
        var path = Path.Combine(folder.FullName, "new", "report.json");
        AtomicFile.Write(path, stream => ReportJson.Write(Report, stream));
        Assert.AreEqual(ReportJson.Serialize(Report), File.ReadAllText(path));
        Assert.AreEqual((byte)'{', File.ReadAllBytes(path)[0], "no byte order mark");
        Assert.HasCount(1, Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!), "no temporary file is left");
        folder.Delete(recursive: true);
    }

    [TestMethod]
    public void A_layer_whose_error_is_not_finite_is_still_evidence()
    {
        var text = ReportJson.Serialize(Report with { Layers = [Report.Layers[0] with { ActivationError = double.PositiveInfinity }] });
        var layer = JsonElement.Parse(text).GetProperty("layers")[0];
        Assert.AreEqual("Infinity", layer.GetProperty("activationError").GetString());
    }
}
