namespace Efrap.AttackLab.Data;

/// <summary>Everything that is chosen at random about one image, except the noise of its pixels.</summary>
internal readonly record struct ShapeScene
{
    /// <summary>The side of an image in pixels.</summary>
    public const int Side = 32;

    private const float LeastContrast = 100;

    private ShapeScene(Shape shape, ref SplitMix64 random)
    {
        Shape = shape;
        Radius = random.NextFloat(8f, 13f);
        CentreX = random.NextFloat(Radius * 0.8f, Side - (Radius * 0.8f));
        CentreY = random.NextFloat(Radius * 0.8f, Side - (Radius * 0.8f));
        Angle = random.NextFloat(0, 2 * MathF.PI);
        Stretch = random.NextFloat(0.88f, 1.14f);
        Background = Colour.Random(ref random);
        BackgroundSlope = Colour.Random(ref random).Minus(Colour.Random(ref random)).Times(0.3f / Side);
        do
            Foreground = Colour.Random(ref random);
        while (Foreground.Minus(Background).Length < LeastContrast);

        ForegroundSlope = Colour.Random(ref random).Minus(Colour.Random(ref random)).Times(0.25f / Side);
        Noise = random.NextFloat(4f, 15f);
        Clutter = Line.Random(ref random);
        ClutterColour = Colour.Random(ref random);
    }

    /// <summary>The shape.</summary>
    public Shape Shape { get; }

    /// <summary>The radius of the circle around the shape, in pixels.</summary>
    public float Radius { get; }

    /// <summary>The shape's centre from the left, in pixels.</summary>
    public float CentreX { get; }

    /// <summary>The shape's centre from the top, in pixels.</summary>
    public float CentreY { get; }

    /// <summary>The angle that the shape is turned by, in radians.</summary>
    public float Angle { get; }

    /// <summary>How much wider than high the upright shape is.</summary>
    public float Stretch { get; }

    /// <summary>The background's colour in the middle of the image.</summary>
    public Colour Background { get; }

    /// <summary>The change of the background's colour per pixel, along the diagonal.</summary>
    public Colour BackgroundSlope { get; }

    /// <summary>The shape's colour at its centre.</summary>
    public Colour Foreground { get; }

    /// <summary>The change of the shape's colour per pixel, along the other diagonal.</summary>
    public Colour ForegroundSlope { get; }

    /// <summary>The standard deviation of the noise, in grey levels.</summary>
    public float Noise { get; }

    /// <summary>A thin line across the image that means nothing.</summary>
    public Line Clutter { get; }

    /// <summary>The line's colour.</summary>
    public Colour ClutterColour { get; }

    /// <summary>Chooses a scene.</summary>
    /// <param name="shape">What it shows.</param>
    /// <param name="random">The source of chance.</param>
    /// <returns>The scene.</returns>
    public static ShapeScene Random(Shape shape, ref SplitMix64 random) => new(shape, ref random);
}
