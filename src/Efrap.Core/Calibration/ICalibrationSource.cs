namespace Efrap.Core.Calibration;

/// <summary>Where arrays come from: a file or a folder of a format that can hold them.</summary>
internal interface ICalibrationSource : IDisposable
{
    /// <summary>SHA-256 of what is read, lower-case hexadecimal.</summary>
    string Sha256 { get; }

    /// <summary>Finds and reads one array for each input; arrays that no input needs are left alone.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="samples">The largest number of samples needed, or null for all.</param>
    /// <param name="cancellationToken">Observed between arrays.</param>
    /// <returns>The arrays, in the order of the inputs.</returns>
    /// <exception cref="CalibrationMismatchException">No array belongs to some input.</exception>
    /// <exception cref="InvalidDataException">The data is damaged or of a type that is not supported.</exception>
    IReadOnlyList<CalibrationArray> Read(IReadOnlyList<ModelInput> inputs, int? samples, CancellationToken cancellationToken);
}
