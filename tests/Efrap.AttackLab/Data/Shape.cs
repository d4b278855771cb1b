namespace Efrap.AttackLab.Data;

/// <summary>What an image shows. The value is the class label.</summary>
public enum Shape
{
    /// <summary>A filled circle.</summary>
    Disc,

    /// <summary>A circle with a hole.</summary>
    Ring,

    /// <summary>A square.</summary>
    Square,

    /// <summary>An equilateral triangle.</summary>
    Triangle,

    /// <summary>A regular hexagon.</summary>
    Hexagon,

    /// <summary>A star of five points.</summary>
    Star,

    /// <summary>Two crossed bars.</summary>
    Cross,

    /// <summary>A disc less another disc.</summary>
    Crescent,

    /// <summary>A disc cut in half.</summary>
    HalfDisc,

    /// <summary>A heart.</summary>
    Heart,
}
