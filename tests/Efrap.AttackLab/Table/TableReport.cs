namespace Efrap.AttackLab.Table;

/// <summary>The whole table.</summary>
/// <param name="Command">The command that makes it.</param>
/// <param name="Data">What the models were trained and measured on.</param>
/// <param name="CalibrationSamples">The number of calibration samples.</param>
/// <param name="TestSamples">The number of test samples.</param>
/// <param name="Models">The number of models asked for; where rows of some are missing, the run was broken off.</param>
/// <param name="Rows">The rows.</param>
public sealed record TableReport(
    string Command, string Data, int CalibrationSamples, int TestSamples, int Models, IReadOnlyList<TableRow> Rows);
