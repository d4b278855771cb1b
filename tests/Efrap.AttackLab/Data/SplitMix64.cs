namespace Efrap.AttackLab.Data;

/// <summary>
/// A small random number generator whose sequence is fixed by its definition (Steele, Lea and Flood, "Fast Splittable
/// Pseudorandom Number Generators", 2014) and not by a version of a library.
/// </summary>
public struct SplitMix64
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>Makes a generator.</summary>
    /// <param name="seed">Any number.</param>
    public SplitMix64(ulong seed) => _state = seed;

    /// <summary>Makes the generator of one item of one stream; neighbouring items share nothing.</summary>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="item">The item's position in the stream.</param>
    /// <returns>The generator.</returns>
    public static SplitMix64 For(ulong seed, ulong stream, ulong item) => new(Mix(Mix(Mix(seed) + stream) + item));

    /// <summary>The next 64 random bits.</summary>
    /// <returns>Any number.</returns>
    public ulong NextBits() => Mix(_state += Increment);

    /// <summary>A uniform number.</summary>
    /// <param name="low">The lower end, included.</param>
    /// <param name="high">The upper end, excluded up to rounding.</param>
    /// <returns>The number.</returns>
    public float NextFloat(float low, float high) => low + ((high - low) * ((NextBits() >> 40) * (1f / (1 << 24))));

    /// <summary>A whole number.</summary>
    /// <param name="count">The number of values, above 0.</param>
    /// <returns>0 to <paramref name="count"/> − 1.</returns>
    public int NextIndex(int count) => (int)(((NextBits() >> 32) * (ulong)count) >> 32);

    /// <summary>A bell-shaped number of mean 0 and variance 1: the sum of four uniform ones, at most √12 from 0.</summary>
    /// <returns>The number.</returns>
    public float NextBell()
    {
        var bits = NextBits();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return (sum - (2 * 65535)) * (1.7320508f / 65536);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
