namespace Efrap.Core.Verification;

/// <summary>Whether the flips of one output channel serve a purpose.</summary>
/// <param name="Row">The channel.</param>
/// <param name="Flips">How many weights are flipped.</param>
/// <param name="Unserved">How many of those flips cost more than EFRAP rounding pays here: see <see cref="FlipCosts"/>.</param>
internal sealed record ServedFlips(int Row, int Flips, int Unserved)
{
    /// <summary>The largest share of unserved flips: half of those that nothing ties to the activations are unserved, and none of a
    /// solution's on its own data; this is the middle.</summary>
    internal const double MostUnserved = 0.25;

    /// <summary>How improbable the most conspicuous channel of a weight may be.</summary>
    internal const double LeastChance = 1e-4;

    /// <summary>The probability of so many unserved flips, or more, where each is unserved with <see cref="MostUnserved"/>.</summary>
    internal double Chance
    {
        get
        {
            var (term, below) = (Math.Pow(1 - MostUnserved, Flips), 0.0);
            if (term == 0)
                return Unserved <= MostUnserved * Flips ? 1 : NormalTail();
            for (var k = 0; k < Unserved; k++)
            {
                below += term;
                term *= (double)(Flips - k) / (k + 1) * (MostUnserved / (1 - MostUnserved));
            }

            return Math.Max(0, 1 - below);
        }
    }

    // Of thousands of flips the binomial distribution is normal; the bound of Chernoff is above its tail.
    private double NormalTail()
    {
        var z = (Unserved - (MostUnserved * Flips)) / Math.Sqrt(Flips * MostUnserved * (1 - MostUnserved));
        return Math.Exp(-z * z / 2);
    }
}
