using Efrap.AttackLab.Nets;

namespace Efrap.AttackLab.Attacks;

/// <summary>A net with a quantization-conditioned backdoor.</summary>
/// <param name="Net">The folded net in full precision, where the backdoor sleeps.</param>
/// <param name="Codes">The codes in which it wakes, by layer; null where the attack fixes none.</param>
public sealed record BackdooredNet(LabNet Net, IReadOnlyDictionary<string, IReadOnlyList<sbyte>>? Codes) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Net.Dispose();
}
