using TorchSharp.Modules;

namespace Efrap.AttackLab.Nets;

/// <summary>A layer whose weights a quantizer rounds.</summary>
/// <param name="Name">The layer's name, also in the exported model.</param>
/// <param name="Weight">The weights; axis 0 is the output channel.</param>
public sealed record WeightLayer(string Name, Parameter Weight)
{
    /// <summary>The number of output channels.</summary>
    public int Channels => (int)Weight.shape[0];

    /// <summary>Copies the weights.</summary>
    /// <returns>One output channel after the other.</returns>
    public float[] Values()
    {
        using var plain = Weight.detach();
        return plain.data<float>().ToArray();
    }
}
