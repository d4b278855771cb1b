namespace Efrap.Core.Calibration;

/// <summary>Good data that is not the data the model takes. The message ends a sentence about the calibration data.</summary>
internal sealed class CalibrationMismatchException(string message) : Exception(message);
