namespace Efrap.AttackLab.Data;

/// <summary>The outlines of the shapes, in a coordinate system where each fits the unit circle.</summary>
public static class ShapeGeometry
{
    /// <summary>The number of shapes, and so of classes.</summary>
    public static int Count { get; } = Enum.GetValues<Shape>().Length;

    /// <summary>Whether a point lies in a shape.</summary>
    /// <param name="shape">The shape, centred on the origin, upright.</param>
    /// <param name="x">To the right, −1 to 1 within the unit circle's square.</param>
    /// <param name="y">Upwards, −1 to 1 within the unit circle's square.</param>
    /// <returns>True inside.</returns>
    public static bool Contains(Shape shape, float x, float y) => shape switch
    {
        Shape.Disc => InCircle(x, y, 0.92f),
        Shape.Ring => InCircle(x, y, 0.98f) && !InCircle(x, y, 0.55f),
        Shape.Square => MathF.Max(MathF.Abs(x), MathF.Abs(y)) < 0.76f,
        Shape.Triangle => InTriangle(x, y + 0.1f),
        Shape.Hexagon => InHexagon(x, y),
        Shape.Star => InStar(x, y),
        Shape.Cross => InBar(x, y) || InBar(y, x),
        Shape.Crescent => InCircle(x, y, 0.98f) && !InCircle(x - 0.5f, y, 0.75f),
        Shape.HalfDisc => InCircle(x, y + 0.4f, 1f) && y > -0.4f,
        Shape.Heart => InHeart(x * 1.25f, (y * 1.25f) + 0.1f),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    private static bool InCircle(float x, float y, float radius) => (x * x) + (y * y) < radius * radius;

    private static bool InBar(float x, float y) => MathF.Abs(x) < 0.3f && MathF.Abs(y) < 0.95f;

    private static bool InTriangle(float x, float y) => y > -0.5f && (0.8660254f * MathF.Abs(x)) + (0.5f * y) < 0.5f;

    private static bool InHexagon(float x, float y) =>
        MathF.Abs(y) < 0.82f && (0.8660254f * MathF.Abs(x)) + (0.5f * MathF.Abs(y)) < 0.82f;

    private static bool InHeart(float x, float y)
    {
        var r = (x * x) + (y * y) - 1;
        return (r * r * r) - (x * x * y * y * y) < 0;
    }

    // A point of the star lies on the inner side of the edge between the nearest tip (radius 1) and the notch next to it.
    private static bool InStar(float x, float y)
    {
        const float Sector = MathF.PI / 5;
        const float Notch = 0.42f;
        var angle = MathF.Abs(MathF.IEEERemainder(MathF.Atan2(x, y), 2 * Sector));
        var radius = MathF.Sqrt((x * x) + (y * y));
        var (along, across) = (radius * MathF.Cos(angle), radius * MathF.Sin(angle));
        var (notchAlong, notchAcross) = (Notch * MathF.Cos(Sector), Notch * MathF.Sin(Sector));
        return ((along - 1) * notchAcross) - (across * (notchAlong - 1)) < 0;
    }
}
