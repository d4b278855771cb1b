namespace Efrap.Core.Verification;

/// <summary>A of each output channel, for several roundings on the same data.</summary>
/// <param name="File">Of the file's integers.</param>
/// <param name="Nearest">Of nearest rounding.</param>
/// <param name="Efrap">Of EFRAP rounding.</param>
/// <param name="Least">Of the rounding that only preserves activations.</param>
internal sealed record ChannelErrors(
    IReadOnlyList<double> File, IReadOnlyList<double> Nearest, IReadOnlyList<double> Efrap, IReadOnlyList<double> Least)
{
    /// <summary>The channel that is farthest beyond its limit; null where none is. The limit lies a quarter of the way from
    /// what the channel should reach to nearest rounding, or as much above it as nearest rounding does in the average of all channels,
    /// whichever is larger.</summary>
    /// <param name="budget">ρ.</param>
    internal int? Beyond(double budget)
    {
        var reachable = Enumerable.Range(0, File.Count).Select(row => Math.Max(budget * Nearest[row], Math.Max(Efrap[row], Least[row]))).ToList();
        var allowance = Math.Max(0, (Nearest.Sum() - reachable.Sum()) / File.Count);
        var worst = Enumerable.Range(0, File.Count).MaxBy(Excess);
        return Excess(worst) > 0 ? worst : null;

        double Excess(int row) =>
            File[row] - reachable[row] - Math.Max(RoundingMeasurement.Allowance * (Nearest[row] - reachable[row]), allowance);
    }
}
