using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Efrap.Core;
using Efrap.Core.Calibration;
using Efrap.Core.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Benchmarks;

/// <summary>
/// Hardening beside what it cannot do without: one pass of the float model and one of the int8 model over the same
/// samples, with the same number of threads. Needs <c>../shared</c> beside the checkout.
/// </summary>
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 7)]
[MemoryDiagnoser]
public class HardenBenchmark
{
    private static readonly string Shared = Path.Combine(Path.GetDirectoryName(Checkout.Root)!, "shared");

    private readonly string _folder = Directory.CreateTempSubdirectory("efrap-benchmark-").FullName;
    private readonly List<OrtValue> _batches = [];
    private InferenceSession _float = null!;
    private InferenceSession _int8 = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    private static string Model => Path.Combine(Shared, "models", "cifar10-resnet8-pq-int8.onnx");

    private string Hardened => Path.Combine(_folder, "hardened.onnx");

    private static CalibrationOptions Samples => new(Path.Combine(Shared, "data", "cifar10-calibration.npz"))
    {
        Scale = 1 / 255.0,
        Mean = [0.4914, 0.4822, 0.4465],
        Std = [0.2470, 0.2435, 0.2616],
    };

    [GlobalSetup]
    public void Setup()
    {
        Harden();
        using var options = new SessionOptions { IntraOpNumThreads = Threads };
        _float = new InferenceSession(Model, options);
        _int8 = new InferenceSession(Hardened, options);
        var samples = CalibrationSet.Load(
            Samples, [new ModelInput("input", Core.Onnx.Proto.TensorProto.Types.DataType.Float, [null, 3, 32, 32])], CancellationToken.None);
        for (var i = 0; i < samples.BatchCount; i++)
        {
            var tensor = samples.GetBatch(i)[0];
            var value = OrtValue.CreateAllocatedTensorValue(
                OrtAllocator.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, [.. tensor.Shape]);
            tensor.Data.CopyTo(value.GetTensorMutableRawData());
            _batches.Add(value);
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _float.Dispose();
        _int8.Dispose();
        _batches.ForEach(b => b.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true, Description = "one float pass + one int8 pass")]
    public void Passes()
    {
        Pass(_float);
        Pass(_int8);
    }

    [Benchmark(Description = "harden to int8")]
    public void Harden() =>
        Core.Harden.Run(new HardenOptions(Model, Hardened, Samples) { Precision = Precision.Int8, Threads = Threads });

    private void Pass(InferenceSession session)
    {
        using var run = new RunOptions();
        foreach (var batch in _batches)
            session.Run(run, session.InputNames, [batch], session.OutputNames).Dispose();
    }
}
