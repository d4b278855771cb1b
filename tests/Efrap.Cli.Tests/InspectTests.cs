using System.Text.Json;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Tests;

[TestClass]
public sealed class InspectTests
{
    [TestMethod]
    public void A_model_is_described_in_lines()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Run("inspect", "models/model.onnx"));
        Assert.AreEqual(
            $"""
            Model      model.onnx
            SHA-256    {new string('a', 64)}
            Size       12,345 bytes, 1,072 parameters
            Format     IR 8, ai.onnx 13, com.microsoft 1
            Producer   trainer 1.0
            Input      image: float[batch,3,32,32]
            Output     logits: float[batch,10]
            Operators  3 Relu, 1 Conv, 1 Gemm
            Folding    1 BatchNormalization into the layers before them
            Quantized  no

            Layer  Operator  Channels   K  Groups
            conv1  Conv            16  27       1
            fc     Gemm            10  64       1

            Left in float  Operator  Reason
            lstm           LSTM      recurrent operators stay float

            Hardening would quantize 2 layers and leave 1 node with weights in float.

            """.ReplaceLineEndings("\n"),
            front.Output);
        Assert.AreEqual(string.Empty, front.Error);
    }

    [TestMethod]
    public void Json_is_the_report_and_nothing_else()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Clean, front.Run("inspect", "model.onnx", "--json"));
        Assert.AreEqual(ReportJson.Serialize(Reports.Inspection), front.Output);
        Assert.AreEqual("model.onnx", JsonElement.Parse(front.Output).GetProperty("model").GetString());
        Assert.AreEqual(string.Empty, front.Error);
    }

    [TestMethod]
    public void A_quantized_model_is_said_to_be_one()
    {
        var quantized = Reports.Inspection with { Quantized = true, Layers = [] };
        using var front = new Front { Engine = new FakeEngine { Inspection = quantized } };
        Assert.AreEqual(ExitCode.Clean, front.Run("inspect", "model.onnx"));
        Assert.Contains("Quantized  yes", front.Output);
        Assert.DoesNotContain("Left in float", front.Output);
        Assert.EndsWith("harden its full-precision original.\n", front.Output);
    }

    [TestMethod]
    public void Names_from_the_model_cannot_control_the_terminal()
    {
        const string name = "\u001b[2Jx";
        var hostile = Reports.Inspection with
        {
            Producer = name,
            Inputs = [new ValueDescription(name, "float")],
            Operators = new Dictionary<string, int> { [name] = 1 },
            Layers = [new LayerDescription(name, name, 1, 1, 1)],
        };
        using var front = new Front { Engine = new FakeEngine { Inspection = hostile } };
        Assert.AreEqual(ExitCode.Clean, front.Run("inspect", "model.onnx"));
        Assert.DoesNotContain("\u001b", front.Output);
    }

    [TestMethod]
    [DataRow("", "efrap: error EFRAP0003: MODEL must be a path.")]
    [DataRow("a\0b", "efrap: error EFRAP0003: MODEL must be a path.")]
    public void What_cannot_be_a_path_is_usage(string path, string line)
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Usage, front.Run("inspect", path));
        Assert.AreEqual(line, front.ErrorLines.Single());
    }
}
