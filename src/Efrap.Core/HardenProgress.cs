namespace Efrap.Core;

/// <summary>How far hardening has come.</summary>
/// <param name="Step">What is being done: <c>reading</c>, <c>measuring</c>, <c>layer</c> or <c>writing</c>.</param>
/// <param name="Layer">The layer just finished, or null outside the layers.</param>
/// <param name="LayersDone">The number of layers finished.</param>
/// <param name="LayerCount">The number of layers to quantize; 0 while not yet known.</param>
/// <param name="LayerTime">The time that the layer just finished took; zero outside the layers.</param>
public readonly record struct HardenProgress(string Step, string? Layer, int LayersDone, int LayerCount, TimeSpan LayerTime);
