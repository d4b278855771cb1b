namespace Efrap.AttackLab.Training;

/// <summary>What an epoch of training came to.</summary>
/// <param name="Stage">What is being trained.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The number of epochs.</param>
/// <param name="Loss">The mean loss over the epoch's batches.</param>
public readonly record struct StageResult(string Stage, int Epoch, int Epochs, double Loss);
