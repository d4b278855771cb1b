using System.IO.Compression;
using Efrap.Core.Onnx;

namespace Efrap.Core.Calibration;

/// <summary>NumPy's <c>.npz</c> format: a zip file of <c>.npy</c> arrays, stored or deflated, found by input name.</summary>
internal sealed class NpzSource : ICalibrationSource
{
    private const string Extension = ".npy";

    // Deflate turns one bit into at most 258 bytes in the long run; who claims more lies about the length.
    private const long LargestRatio = 1032;

    private readonly ZipArchive _archive;

    /// <summary>Opens the archive.</summary>
    /// <param name="stream">The file, which this object takes over.</param>
    /// <param name="sha256">Its SHA-256.</param>
    /// <exception cref="InvalidDataException">It is not a zip file.</exception>
    public NpzSource(Stream stream, string sha256)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Read);
        Sha256 = sha256;
    }

    public string Sha256 { get; }

    public IReadOnlyList<CalibrationArray> Read(
        IReadOnlyList<ModelInput> inputs, int? samples, CancellationToken cancellationToken)
    {
        var found = Find(inputs);
        var budget = new ByteBudget();
        return [.. found.Select(entry => ReadEntry(entry, samples, budget, cancellationToken))];
    }

    public void Dispose() => _archive.Dispose();

    private List<ZipArchiveEntry> Find(IReadOnlyList<ModelInput> inputs)
    {
        var arrays = _archive.Entries.Where(e => e.FullName.EndsWith(Extension, StringComparison.Ordinal)).ToList();
        var byName = arrays.ToLookup(NameOf, StringComparer.Ordinal);
        var found = new List<ZipArchiveEntry>();
        foreach (var input in inputs)
        {
            var entries = byName[input.Name].ToList();
            if (entries.Count == 0 && inputs.Count == 1 && arrays.Count == 1)
                entries = arrays;
            if (entries.Count > 1)
                throw new InvalidDataException($"it holds '{DisplayName.Of(input.Name)}' more than once");
            if (entries.Count == 0)
                throw new CalibrationMismatchException(ArrayNames.Missing(arrays.Select(NameOf), inputs));
            found.Add(entries[0]);
        }

        return found;
    }

    private static CalibrationArray ReadEntry(
        ZipArchiveEntry entry, int? samples, ByteBudget budget, CancellationToken cancellationToken)
    {
        var name = NameOf(entry);
        try
        {
            if (entry.Length / LargestRatio > entry.CompressedLength)
                throw new InvalidDataException($"{entry.CompressedLength} bytes cannot unpack to {entry.Length}");
            using var stream = new Crc32Stream(entry.Open());
            var array = NpyReader.Read(stream, entry.Length, name, samples, budget, cancellationToken);
            return stream.Checksum == entry.Crc32 ? array : throw new InvalidDataException("its checksum is wrong");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"in '{DisplayName.Of(name)}', {e.Message}", e);
        }
    }

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName[..^Extension.Length];
}
