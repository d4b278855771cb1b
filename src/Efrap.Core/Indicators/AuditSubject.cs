using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>What is audited: a full-precision model, its layers and the samples that it is measured on.</summary>
/// <param name="Graph">The model, its normalizations folded.</param>
/// <param name="Layers">The layers that a quantizer would round.</param>
/// <param name="Samples">The calibration samples, or null where there are none.</param>
internal sealed record AuditSubject(ModelGraph Graph, IReadOnlyList<QuantizableLayer> Layers, CalibrationSet? Samples) : IDisposable
{
    private readonly Dictionary<Indicator, IDisposable> _kept = [];

    /// <summary>What an indicator needs on every lattice: computed the first time that it is asked for, and kept with the subject.</summary>
    /// <param name="indicator">The indicator.</param>
    /// <param name="compute">Computes it.</param>
    internal T Once<T>(Indicator indicator, Func<T> compute)
        where T : class, IDisposable
    {
        if (!_kept.TryGetValue(indicator, out var kept))
            _kept[indicator] = kept = compute();
        return (T)kept;
    }

    /// <summary>Frees what indicators keep.</summary>
    public void Dispose()
    {
        foreach (var kept in _kept.Values)
            kept.Dispose();
    }
}
