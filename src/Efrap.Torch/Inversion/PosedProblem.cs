namespace Efrap.Torch.Inversion;

/// <summary>The problem that a model poses, or why it poses none.</summary>
/// <param name="Problem">The problem, or null.</param>
/// <param name="Reason">Why there is none, without a full stop; null where there is one.</param>
internal sealed record PosedProblem(InversionProblem? Problem, string? Reason) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Problem?.Dispose();
}
