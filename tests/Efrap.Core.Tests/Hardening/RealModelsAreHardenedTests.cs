using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Tests.Hardening;

/// <summary>Models that others trained and exported, from operator set 8 to 16, with the test data that came with them.</summary>
[TestClass]
public sealed class RealModelsAreHardenedTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("mnist-8", Precision.Int8)]
    [DataRow("mnist-8", Precision.Int8Weights)]
    [DataRow("mnist-8", Precision.Int4Weights)]
    [DataRow("super-resolution-10", Precision.Int8)]
    [DataRow("super-resolution-10", Precision.Int8Weights)]
    [DataRow("super-resolution-10", Precision.Int4Weights)]
    public void Outputs_stay_closer_to_the_published_ones_than_with_nearest_rounding(string name, Precision precision)
    {
        var hardened = ErrorOf(name, precision, Solver.Budget);
        var nearest = ErrorOf(name, precision, Solver.Nearest);
        TestContext.WriteLine($"{name} {precision}: mean squared error {hardened:G4}, with nearest rounding {nearest:G4}");

        Assert.IsLessThan(nearest, hardened);
    }

    private double ErrorOf(string name, Precision precision, Solver solver)
    {
        using var folder = new TemporaryFolder();
        var output = folder.File("hardened.onnx");
        var data = TestData.Shared($"corpus/{name}");
        Harden.Run(
            new HardenOptions(TestData.Shared($"corpus/{name}.onnx"), output, new CalibrationOptions(data)) { Precision = precision, Solver = solver },
            cancellationToken: TestContext.CancellationToken);

        using var session = new InferenceSession(output);
        var error = 0.0;
        var count = 0;
        foreach (var sample in Directory.EnumerateDirectories(data).Order(StringComparer.Ordinal))
        {
            var expected = TensorValues.ToSingles(Read(Path.Combine(sample, "output_0.pb")));
            var input = Read(Path.Combine(sample, "input_0.pb"));
            using var value = OrtValue.CreateTensorValueFromMemory(TensorValues.ToSingles(input), [.. input.Dims]);
            using var run = new RunOptions();
            using var outputs = session.Run(run, session.InputNames, [value], session.OutputNames);
            var actual = outputs[0].GetTensorDataAsSpan<float>();
            for (var i = 0; i < expected.Length; i++)
                error += Math.Pow(actual[i] - expected[i], 2);
            count += expected.Length;
        }

        return error / count;
    }

    private static Core.Onnx.Proto.TensorProto Read(string path) => Core.Onnx.Proto.TensorProto.Parser.ParseFrom(File.ReadAllBytes(path));
}
