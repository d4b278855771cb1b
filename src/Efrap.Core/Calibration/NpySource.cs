namespace Efrap.Core.Calibration;

/// <summary>A single <c>.npy</c> array, for models of one input.</summary>
/// <param name="stream">The file, at its beginning; this object takes it over.</param>
/// <param name="sha256">Its SHA-256.</param>
internal sealed class NpySource(Stream stream, string sha256) : ICalibrationSource
{
    public string Sha256 => sha256;

    public IReadOnlyList<CalibrationArray> Read(
        IReadOnlyList<ModelInput> inputs, int? samples, CancellationToken cancellationToken)
    {
        if (inputs.Count != 1)
            throw new CalibrationMismatchException($"{ArrayNames.Missing([], inputs)} in an .npz file, an .npy file has no names");
        return [NpyReader.Read(stream, stream.Length, inputs[0].Name, samples, new ByteBudget(), cancellationToken)];
    }

    public void Dispose() => stream.Dispose();
}
