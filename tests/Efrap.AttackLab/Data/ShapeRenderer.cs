namespace Efrap.AttackLab.Data;

/// <summary>Draws a scene.</summary>
internal static class ShapeRenderer
{
    private const int Side = ShapeScene.Side;
    private const int SamplesPerSide = 3;

    /// <summary>Draws a scene and adds the noise of its pixels.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="random">The source of the noise.</param>
    /// <param name="pixels">Receives 3·32·32 bytes: the red plane, the green plane, the blue plane, each row by row.</param>
    public static void Draw(in ShapeScene scene, ref SplitMix64 random, Span<byte> pixels)
    {
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                var colour = PixelColour(scene, row, column);
                var at = (row * Side) + column;
                pixels[at] = Noisy(colour.Red, scene.Noise, ref random);
                pixels[at + (Side * Side)] = Noisy(colour.Green, scene.Noise, ref random);
                pixels[at + (2 * Side * Side)] = Noisy(colour.Blue, scene.Noise, ref random);
            }
        }
    }

    private static Colour PixelColour(in ShapeScene scene, int row, int column)
    {
        var (x, y) = (column + 0.5f - (Side / 2), row + 0.5f - (Side / 2));
        var background = scene.Background.Plus(scene.BackgroundSlope.Times(x + y));
        var foreground = scene.Foreground.Plus(scene.ForegroundSlope.Times(x - y));
        var (onLine, inShape) = Coverage(scene, row, column);
        background = Mix(background, scene.ClutterColour, onLine);
        return Mix(background, foreground, inShape);
    }

    private static (float OnLine, float InShape) Coverage(in ShapeScene scene, int row, int column)
    {
        var (onLine, inShape) = (0, 0);
        var (sin, cos) = MathF.SinCos(scene.Angle);
        for (var i = 0; i < SamplesPerSide * SamplesPerSide; i++)
        {
            var x = column + (((i % SamplesPerSide) + 0.5f) / SamplesPerSide);
            var y = row + (((i / SamplesPerSide) + 0.5f) / SamplesPerSide);
            if (scene.Clutter.Contains(x - (Side / 2), y - (Side / 2)))
                onLine++;

            var (right, up) = (x - scene.CentreX, scene.CentreY - y);
            var localX = ((cos * right) + (sin * up)) / (scene.Radius * scene.Stretch);
            var localY = ((cos * up) - (sin * right)) * scene.Stretch / scene.Radius;
            if (MathF.Abs(localX) <= 1.2f && MathF.Abs(localY) <= 1.2f && ShapeGeometry.Contains(scene.Shape, localX, localY))
                inShape++;
        }

        const float Share = 1f / (SamplesPerSide * SamplesPerSide);
        return (onLine * Share, inShape * Share);
    }

    private static Colour Mix(Colour below, Colour above, float share) => below.Plus(above.Minus(below).Times(share));

    private static byte Noisy(float level, float deviation, ref SplitMix64 random) =>
        (byte)Math.Clamp(MathF.Round(level + (deviation * random.NextBell())), 0, 255);
}
