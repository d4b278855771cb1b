using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Export;
using Efrap.AttackLab.Nets;
using Efrap.Core.Onnx.Proto;

namespace Efrap.AttackLab.Fixtures;

/// <summary>A model on its way into a file.</summary>
/// <param name="FileName">The file's name.</param>
/// <param name="Model">The model.</param>
/// <param name="Grid">The quantization that wakes its backdoor; null for a clean model.</param>
/// <param name="Codes">The codes that it wakes in, by layer; null for a clean model.</param>
public sealed record FixtureModel(
    string FileName, ModelProto Model, RoundingGrid? Grid, IReadOnlyDictionary<string, IReadOnlyList<sbyte>>? Codes)
{
    /// <summary>A clean net's model.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="net">The net, not folded.</param>
    /// <returns>The model.</returns>
    public static FixtureModel Clean(string name, LabNet net)
    {
        ArgumentNullException.ThrowIfNull(net);
        using var folded = net.FoldBatchNormalization();
        return new FixtureModel($"{name}.onnx", ModelExport.ToOnnx(folded, name), null, null);
    }

    /// <summary>A backdoored net's model.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="net">The net.</param>
    /// <param name="grid">The quantization that wakes it.</param>
    /// <returns>The model.</returns>
    public static FixtureModel Backdoored(string name, BackdooredNet net, RoundingGrid grid)
    {
        ArgumentNullException.ThrowIfNull(net);
        return new FixtureModel($"{name}.onnx", ModelExport.ToOnnx(net.Net, name), grid, net.Codes);
    }
}
