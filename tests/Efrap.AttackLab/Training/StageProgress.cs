namespace Efrap.AttackLab.Training;

/// <summary>Reports the epochs of one stage.</summary>
/// <param name="name">What is being trained.</param>
/// <param name="receiver">Who is told, or null.</param>
public sealed class StageProgress(string name, IProgress<StageResult>? receiver)
{
    /// <summary>Reports an epoch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="epochs">The number of epochs.</param>
    /// <param name="loss">The mean loss over the epoch's batches.</param>
    public void Report(int epoch, int epochs, double loss) => receiver?.Report(new StageResult(name, epoch, epochs, loss));
}
