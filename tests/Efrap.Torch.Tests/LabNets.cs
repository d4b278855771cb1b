using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;

namespace Efrap.Torch.Tests;

/// <summary>The lab's nets by name, with what each classifies.</summary>
internal static class LabNets
{
    public const string Residual = "residual";
    public const string Plain = "plain";
    public const string Separable = "separable";
    public const string Encoder = "encoder";

    /// <summary>Makes a net with random weights.</summary>
    public static LabNet Make(string name)
    {
        var data = DataFor(name);
        return name switch
        {
            Residual => new ResidualNet(data.Classes),
            Plain => new PlainNet(data.Classes),
            Separable => new SeparableNet(data.Classes),
            Encoder => new EncoderNet(data.Classes, (TokenFormat)data.Format),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    /// <summary>What a net classifies.</summary>
    public static Dataset DataFor(string name) => name == Encoder ? new TopicSequences(1) : new ShapeImages(1);
}
