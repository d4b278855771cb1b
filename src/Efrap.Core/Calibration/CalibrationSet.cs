using System.Security.Cryptography;

namespace Efrap.Core.Calibration;

/// <summary>
/// Calibration samples, in batches, as a model takes them. What stays in memory are the values as the file has them; they are
/// preprocessed batch by batch. May be used by several threads at once.
/// </summary>
public sealed class CalibrationSet
{
    /// <summary>The number of samples in a batch where the model leaves it open.</summary>
    public const int DefaultBatchSize = 32;

    private readonly IReadOnlyList<CalibrationArray> _arrays;
    private readonly IReadOnlyList<ModelInput> _inputs;
    private readonly IReadOnlyList<SampleConverter> _converters;

    private CalibrationSet(IReadOnlyList<ModelInput> inputs, IReadOnlyList<CalibrationArray> arrays, Preprocessing preprocessing)
    {
        _inputs = inputs;
        _arrays = arrays;
        _converters = [.. inputs.Zip(arrays, (input, array) => new SampleConverter(array, input.ElementType, preprocessing))];
    }

    /// <summary>The number of samples used.</summary>
    public required int SampleCount { get; init; }

    /// <summary>The number of samples in a batch: the model's fixed batch dimension, or else the size asked for.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The number of batches. The last one is smaller when the samples do not fill it.</summary>
    public int BatchCount => (SampleCount / BatchSize) + (SampleCount % BatchSize > 0 ? 1 : 0);

    /// <summary>SHA-256, lower-case hexadecimal: of the file, or of a folder's files one after the other in the order read.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What the user should know about the samples used, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Reads samples for a model and checks every value of them.</summary>
    /// <param name="options">Where the samples are and what is done to them.</param>
    /// <param name="inputs">What the model takes, in its order.</param>
    /// <param name="cancellationToken">Observed between pieces of the file and between batches.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>, <see cref="EfrapCode.CalibrationNotFound"/>,
    /// <see cref="EfrapCode.CalibrationUnreadable"/> or <see cref="EfrapCode.CalibrationMismatch"/>.</exception>
    public static CalibrationSet Load(
        CalibrationOptions options, IReadOnlyList<ModelInput> inputs, CancellationToken cancellationToken = default) =>
        Load(options, inputs, DefaultBatchSize, cancellationToken);

    /// <param name="options">Where the samples are and what is done to them.</param>
    /// <param name="inputs">What the model takes, in its order.</param>
    /// <param name="defaultBatchSize">The number of samples in a batch where the model leaves it open, at least 1.</param>
    /// <param name="cancellationToken">Observed between pieces of the file and between batches.</param>
    /// <inheritdoc cref="Load(CalibrationOptions, IReadOnlyList{ModelInput}, CancellationToken)"/>
    public static CalibrationSet Load(
        CalibrationOptions options, IReadOnlyList<ModelInput> inputs, int defaultBatchSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(defaultBatchSize, 1);
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Samples < 1)
            throw new EfrapException(EfrapCode.InvalidSetting, $"the number of samples must be at least 1; it is {options.Samples}.");
        var preprocessing = Preprocessing.Of(options);
        var path = options.Path;
        try
        {
            using var source = Open(path, cancellationToken);
            var arrays = source.Read(inputs, options.Samples, cancellationToken);
            ArrayShapes.Check(inputs, arrays, preprocessing);
            var plan = BatchPlan.Make(inputs, arrays, options.Samples, defaultBatchSize);
            var set = new CalibrationSet(inputs, arrays, preprocessing)
            {
                SampleCount = plan.Samples,
                BatchSize = plan.BatchSize,
                Sha256 = source.Sha256,
                Notes = plan.Notes,
            };
            set.CheckValues(cancellationToken);
            return set;
        }
        catch (CalibrationMismatchException e)
        {
            throw new EfrapException(EfrapCode.CalibrationMismatch, $"{e.Message}.", path, e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>The digest of calibration data, whatever model it is for.</summary>
    /// <param name="path">A file or folder, as <see cref="CalibrationOptions.Path"/>.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    /// <returns><see cref="Sha256"/> of what lies there.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.CalibrationNotFound"/> or <see cref="EfrapCode.CalibrationUnreadable"/>.</exception>
    internal static string DigestOf(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var source = Open(path, cancellationToken);
            return source.Sha256;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>One batch, preprocessed.</summary>
    /// <param name="index">The batch, 0 to <see cref="BatchCount"/> − 1.</param>
    /// <returns>One tensor for each input, in the model's order.</returns>
    public IReadOnlyList<CalibrationTensor> GetBatch(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, BatchCount);
        var first = index * BatchSize;
        var count = Math.Min(BatchSize, SampleCount - first);
        var tensors = new CalibrationTensor[_inputs.Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new(
                _inputs[i].Name, _inputs[i].ElementType, [count, .. _arrays[i].Shape.Skip(1)], _converters[i].Convert(first, count));
        }

        return tensors;
    }

    private static ICalibrationSource Open(string path, CancellationToken cancellationToken)
    {
        Stream stream;
        try
        {
            if (Directory.Exists(path))
                return new TensorFolderSource(path, cancellationToken);
            stream = RegularFile.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EfrapException(
                EfrapCode.CalibrationNotFound,
                $"cannot open the calibration data: {e.Message.TrimEnd('.')}; check the path and its permissions.",
                path,
                e);
        }

        return OpenFile(stream);
    }

    private static ICalibrationSource OpenFile(Stream stream)
    {
        var opened = false;
        try
        {
            var start = new byte[NpyHeader.Magic.Length];
            stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
            stream.Position = 0;
            ICalibrationSource source = start.AsSpan().SequenceEqual(NpyHeader.Magic) ? new NpySource(stream, sha256)
                : start.AsSpan().StartsWith("PK"u8) ? new NpzSource(stream, sha256)
                : throw new InvalidDataException("it is neither an .npz nor an .npy file nor a folder of .pb files");
            opened = true;
            return source;
        }
        finally
        {
            if (!opened)
                stream.Dispose();
        }
    }

    private static EfrapException Unreadable(string path, Exception e) =>
        new(EfrapCode.CalibrationUnreadable, $"cannot use the calibration data: {e.Message.TrimEnd('.')}.", path, e);

    private void CheckValues(CancellationToken cancellationToken)
    {
        for (var index = 0; index < BatchCount; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GetBatch(index);
        }
    }
}
