using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Google.Protobuf;
using static Efrap.Core.Onnx.Proto.TensorProto.Types;

namespace Efrap.Core.Calibration;

/// <summary>
/// A folder in the layout of ONNX's test data: <c>input_0.pb</c>, <c>input_1.pb</c> … hold one tensor each, in the folder itself
/// or in folders <c>test_data_set_0</c>, <c>test_data_set_1</c> … whose tensors are joined along axis 0. A tensor belongs to the
/// input of its own name or, when it bears no input's name, to the input at the position that its file name says.
/// </summary>
internal sealed partial class TensorFolderSource : ICalibrationSource
{
    private readonly List<DataSet> _sets = [];

    /// <summary>Reads the folder's tensors.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or there are none.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public TensorFolderSource(string folder, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var budget = new ByteBudget();
        foreach (var set in DataSets(folder))
        {
            var tensors = new List<NamedTensor>();
            foreach (var path in InputFiles(set))
            {
                cancellationToken.ThrowIfCancellationRequested();
                tensors.Add(ReadFile(path, hash, budget));
            }

            if (tensors.Count > 0)
                _sets.Add(new(Path.GetFileName(set), tensors));
        }

        if (_sets.Count == 0)
            throw new InvalidDataException("the folder holds no .pb files, neither itself nor in folders test_data_set_0, test_data_set_1 …");
        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public string Sha256 { get; }

    public IReadOnlyList<CalibrationArray> Read(
        IReadOnlyList<ModelInput> inputs, int? samples, CancellationToken cancellationToken)
    {
        var arrays = new List<CalibrationArray>();
        for (var i = 0; i < inputs.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            arrays.Add(Join(i, inputs, samples));
        }

        return arrays;
    }

    public void Dispose() => _sets.Clear();

    private static List<string> DataSets(string folder)
    {
        var sets = Directory.EnumerateDirectories(folder)
            .Select(path => (path, match: DataSetName().Match(Path.GetFileName(path))))
            .Where(s => s.match.Success)
            .OrderBy(s => int.Parse(s.match.Groups[1].Value, CultureInfo.InvariantCulture))
            .ThenBy(s => s.path, StringComparer.Ordinal)
            .Select(s => s.path)
            .ToList();
        if (sets.Count == 0)
            return [folder];
        return InputFiles(folder).Any()
            ? throw new InvalidDataException("the folder holds both .pb files and test_data_set folders; keep one of them")
            : sets;
    }

    private static IEnumerable<string> InputFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.pb")
            .Where(path => !Path.GetFileName(path).StartsWith("output_", StringComparison.Ordinal))
            .OrderBy(path => PositionOf(path) ?? int.MaxValue)
            .ThenBy(path => path, StringComparer.Ordinal);

    private static int? PositionOf(string path) =>
        InputName().Match(Path.GetFileName(path)) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;

    private static NamedTensor ReadFile(string path, IncrementalHash hash, ByteBudget budget)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var stream = RegularFile.OpenRead(path);
            var bytes = GC.AllocateUninitializedArray<byte>(budget.Take(stream.Length));
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
            var tensor = TensorProto.Parser.ParseFrom(bytes);
            if (tensor.DataLocation == DataLocation.External)
                throw new InvalidDataException("the tensor's values lie in another file, which is not supported here");
            if (TensorValidation.Fault(new PlacedTensor(tensor, null)) is { } fault)
                throw new InvalidDataException($"the tensor {fault}");
            var shownName = tensor.Name.Length > 0 ? tensor.Name : Path.GetFileNameWithoutExtension(path);
            return new(shownName, PositionOf(path), (DataType)tensor.DataType, [.. tensor.Dims], TensorBytes.Of(tensor));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or InvalidProtocolBufferException or EfrapException)
        {
            throw new InvalidDataException($"in '{DisplayName.Of(name)}', {e.Message}", e);
        }
    }

    private CalibrationArray Join(int position, IReadOnlyList<ModelInput> inputs, int? samples)
    {
        var name = inputs[position].Name;
        var parts = _sets.ConvertAll(set => set.Find(position, inputs));
        var first = parts[0];
        if (first.Shape.Count == 0)
            return new(name, first.ElementType, [], 1, first.Data);
        for (var i = 1; i < parts.Count; i++)
        {
            if (parts[i].ElementType != first.ElementType || !parts[i].Shape.Skip(1).SequenceEqual(first.Shape.Skip(1)))
            {
                throw new CalibrationMismatchException(
                    $"'{DisplayName.Of(name)}' is {first.Describe()} in {_sets[0].Name} and {parts[i].Describe()} in {_sets[i].Name}; " +
                    "use samples of one size");
            }
        }

        var available = parts.Sum(p => p.Shape[0]);
        var kept = Math.Min(available, samples ?? available);
        var total = parts.Sum(p => (long)p.Data.Length);
        var data = new byte[available == 0 ? 0 : new ByteBudget().Take(total / available * kept)];
        var free = data.AsSpan();
        foreach (var part in parts)
        {
            var taken = part.Data.AsSpan(0, Math.Min(part.Data.Length, free.Length));
            taken.CopyTo(free);
            free = free[taken.Length..];
        }

        return new(name, first.ElementType, [kept, .. first.Shape.Skip(1)], available, data);
    }

    [GeneratedRegex(@"^test_data_set_([0-9]{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex DataSetName();

    [GeneratedRegex(@"^input_([0-9]{1,9})\.pb$", RegexOptions.CultureInvariant)]
    private static partial Regex InputName();

    private sealed record NamedTensor(string Name, int? Position, DataType ElementType, IReadOnlyList<long> Shape, byte[] Data)
    {
        public string Describe() => $"{Onnx.ElementType.Name(ElementType)} {TensorValidation.Shape(Shape)}";
    }

    private sealed record DataSet(string Name, IReadOnlyList<NamedTensor> Tensors)
    {
        public NamedTensor Find(int position, IReadOnlyList<ModelInput> inputs)
        {
            var named = Tensors.Where(t => t.Name == inputs[position].Name).ToList();
            if (named.Count == 0)
                named = [.. Tensors.Where(t => t.Position == position && inputs.All(i => i.Name != t.Name))];
            return named.Count switch
            {
                1 => named[0],
                0 => throw new CalibrationMismatchException(
                    $"{ArrayNames.Missing(Tensors.Select(t => t.Name), inputs)} or the files after their positions (in {Name})"),
                _ => throw new InvalidDataException($"'{DisplayName.Of(inputs[position].Name)}' is there more than once in {Name}"),
            };
        }
    }
}
