using System.IO.Compression;
using System.Text;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;

namespace Efrap.Cli.Tests.Processes;

/// <summary>A model of one layer with its calibration samples, as files.</summary>
internal static class SmallModel
{
    private const int Inputs = 8;
    private const int Outputs = 4;

    /// <summary>Writes a model of one Gemm.</summary>
    /// <param name="path">The file.</param>
    public static void Write(string path) => File.WriteAllBytes(path, Create("Gemm").ToByteArray());

    /// <summary>Writes a model that has weights but no layer.</summary>
    /// <param name="path">The file.</param>
    public static void WriteWithoutLayers(string path) => File.WriteAllBytes(path, Create("Add").ToByteArray());

    /// <summary>Writes samples for either model: bytes, in an <c>.npz</c> file.</summary>
    /// <param name="path">The file.</param>
    public static void WriteSamples(string path)
    {
        const int samples = 16;
        var header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({samples}, {Inputs}), }}";
        header = header.PadRight(64 - 10 - 1 + 64) + "\n";
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        using var entry = zip.CreateEntry("input.npy").Open();
        entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0]);
        entry.Write(Encoding.ASCII.GetBytes(header));
        entry.Write([.. Enumerable.Range(0, samples * Inputs).Select(i => (byte)(i * 37))]);
    }

    private static ModelProto Create(string op)
    {
        var count = op == "Gemm" ? Inputs * Outputs : Inputs;
        long[] shape = op == "Gemm" ? [Inputs, Outputs] : [Inputs];
        return new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = new GraphProto
            {
                Name = "g",
                Input = { Value("input", Inputs) },
                Output = { Value("output", op == "Gemm" ? Outputs : Inputs) },
                Initializer = { TensorValues.FromSingles("w", shape, [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin(i))]) },
                Node = { new NodeProto { Name = "layer", OpType = op, Input = { "input", "w" }, Output = { "output" } } },
            },
        };
    }

    private static ValueInfoProto Value(string name, long columns) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)TensorProto.Types.DataType.Float,
                Shape = new TensorShapeProto
                {
                    Dim =
                    {
                        new TensorShapeProto.Types.Dimension { DimParam = "batch" },
                        new TensorShapeProto.Types.Dimension { DimValue = columns },
                    },
                },
            },
        },
    };
}
