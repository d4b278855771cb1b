namespace Efrap.AttackLab.Data;

/// <summary>A colour, or a difference of two, in grey levels.</summary>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
internal readonly record struct Colour(float Red, float Green, float Blue)
{
    /// <summary>The distance from black.</summary>
    public float Length => MathF.Sqrt((Red * Red) + (Green * Green) + (Blue * Blue));

    /// <summary>Any colour.</summary>
    /// <param name="random">The source of chance.</param>
    /// <returns>The colour.</returns>
    public static Colour Random(ref SplitMix64 random) =>
        new(random.NextFloat(0, 255), random.NextFloat(0, 255), random.NextFloat(0, 255));

    /// <summary>The sum.</summary>
    /// <param name="other">What is added.</param>
    /// <returns>The sum, per channel.</returns>
    public Colour Plus(Colour other) => new(Red + other.Red, Green + other.Green, Blue + other.Blue);

    /// <summary>The difference.</summary>
    /// <param name="other">What is subtracted.</param>
    /// <returns>The difference, per channel.</returns>
    public Colour Minus(Colour other) => new(Red - other.Red, Green - other.Green, Blue - other.Blue);

    /// <summary>The multiple.</summary>
    /// <param name="factor">The factor.</param>
    /// <returns>The multiple, per channel.</returns>
    public Colour Times(float factor) => new(Red * factor, Green * factor, Blue * factor);
}
