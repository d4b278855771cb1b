using System.IO.Compression;
using System.Text;
using Efrap.Core.Calibration;
using Efrap.Core.Inference;
using Efrap.Core.Onnx;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Tests.Inference;

/// <summary>Calibration files of random bytes.</summary>
internal static class Samples
{
    /// <summary>Makes values of bytes: from −2 up to 2.</summary>
    public const double Scale = 1 / 64.0;

    /// <summary>Makes values of bytes: from −2 up to 2.</summary>
    public const double Mean = 2;

    /// <summary>Samples for a model, loaded.</summary>
    public static CalibrationSet For(ModelGraph graph, int count = 48, int seed = 7)
    {
        using var folder = new TemporaryFolder();
        return CalibrationSet.Load(Write(folder, graph, count, seed), ModelInputs.Of(graph), CancellationToken.None);
    }

    /// <summary>Writes an <c>.npz</c> file with a uint8 array for each of a model's inputs, under the input's name.</summary>
    /// <returns>How to read it.</returns>
    public static CalibrationOptions Write(TemporaryFolder folder, ModelGraph graph, int count = 48, int seed = 7)
    {
        var random = new Random(seed);
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var input in ModelInputs.Of(graph))
            {
                int[] shape = [count, .. input.Shape!.Skip(1).Select(d => (int)(d ?? 1))];
                var values = new byte[shape.Aggregate(1, (a, b) => a * b)];
                random.NextBytes(values);
                using var entry = zip.CreateEntry($"{input.Name}.npy", CompressionLevel.NoCompression).Open();
                entry.Write(Header(shape));
                entry.Write(values);
            }
        }

        var options = new CalibrationOptions(folder.Write("calibration.npz", memory.ToArray()));
        return ModelInputs.Of(graph).Any(i => i.ElementType == DataType.Float) ? options with { Scale = Scale, Mean = [Mean] } : options;
    }

    // NumPy's format, version 1.0: magic, version, header length, header padded to 64 bytes.
    private static byte[] Header(int[] shape)
    {
        var text = $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({string.Join(", ", shape)},), }}";
        text = text.PadRight(((text.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. Encoding.ASCII.GetBytes(text)];
    }
}
