namespace Efrap.Core.Tests;

/// <summary>Normally distributed numbers.</summary>
internal static class RandomNormal
{
    /// <summary>A number of mean 0 and deviation 1 (Box–Muller).</summary>
    public static double NextNormal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
