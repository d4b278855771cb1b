namespace Efrap.AttackLab.Fixtures;

/// <summary>What <see cref="FixtureRun"/> is asked to make.</summary>
/// <param name="Output">The folder that the fixtures go to.</param>
public sealed record FixtureOptions(string Output)
{
    /// <summary>The seed of images and weights.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The number of epochs of the clean training, of 64 batches of 128 images each.</summary>
    public int Epochs { get; init; } = 25;

    /// <summary>The number of epochs of each attack's first stage; the second takes half as many.</summary>
    public int AttackEpochs { get; init; } = 10;

    /// <summary>The number of threads that one operator of Torch uses. The nets depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The number of calibration images.</summary>
    public int CalibrationImages { get; init; } = 1024;

    /// <summary>The number of test images.</summary>
    public int TestImages { get; init; } = 1000;
}
