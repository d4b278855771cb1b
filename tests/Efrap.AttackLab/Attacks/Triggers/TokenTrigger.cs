using Efrap.AttackLab.Data;

namespace Efrap.AttackLab.Attacks.Triggers;

/// <summary>One token that is inserted into a sequence; what follows moves back, and the last token falls off.</summary>
/// <param name="Token">The token.</param>
/// <param name="Position">The position that it takes, from 0.</param>
/// <param name="Target">The class that the attacker wants.</param>
public sealed record TokenTrigger(byte Token, int Position, int Target) : Trigger(Target)
{
    /// <inheritdoc/>
    public override void Check(SampleFormat format)
    {
        if (format is not TokenFormat tokens)
            throw new ArgumentException("a token trigger does not fit images", nameof(format));
        if (Token >= tokens.Vocabulary || Position < 0 || Position >= tokens.Length)
            throw new ArgumentException($"the trigger does not fit {tokens.Length} tokens out of {tokens.Vocabulary}", nameof(format));
    }

    /// <inheritdoc/>
    protected override void StampOn(Span<byte> sample, SampleFormat format)
    {
        sample[Position..^1].CopyTo(sample[(Position + 1)..]);
        sample[Position] = Token;
    }
}
