using Efrap.Core.Calibration;
using Efrap.Core.Indicators.Probe;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;

namespace Efrap.Core.Indicators;

/// <summary>What is audited: a full-precision model or the source of a quantized one, its layers and the samples that it is measured on.</summary>
/// <param name="graph">The model, its normalizations folded.</param>
/// <param name="layers">The layers that a quantizer would round.</param>
/// <param name="samples">The calibration samples, or null where there are none.</param>
internal sealed class AuditSubject(ModelGraph graph, IReadOnlyList<QuantizableLayer> layers, CalibrationSet? samples) : IDisposable
{
    private readonly Dictionary<Indicator, IDisposable> _kept = [];

    /// <summary>The model, its normalizations folded.</summary>
    internal ModelGraph Graph => graph;

    /// <summary>The layers that a quantizer would round.</summary>
    internal IReadOnlyList<QuantizableLayer> Layers => layers;

    /// <summary>The calibration samples, or null where there are none.</summary>
    internal CalibrationSet? Samples => samples;

    /// <summary>The quantized weights of the model that is audited, where this is its source; null where this is the model itself.</summary>
    internal SourceMatches? Matches { get; init; }

    /// <summary>Those weights by the names of the layers' weights that they were made from.</summary>
    internal IReadOnlyDictionary<string, QuantizedTensor> Integers => field ??=
        (Matches?.Matches ?? []).ToDictionary(m => m.Layer.Weight, m => m.Tensor);

    /// <summary>How much is done.</summary>
    internal AuditEffort Effort { get; init; } = AuditEffort.Default;

    /// <summary>The rounded models' behaviour on the samples, measured once for all indicators.</summary>
    internal RoundingComparisons Comparisons => field ??= new RoundingComparisons(this);

    /// <summary>The trigger searches, made once for all indicators that look at what they found.</summary>
    internal TriggerProbes Probes => field ??= new TriggerProbes(this);

    /// <summary>What indicators come to know of single layers.</summary>
    internal LayerFigures LayerFigures { get; } = new();

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
        Probes.Dispose();
        foreach (var kept in _kept.Values)
            kept.Dispose();
    }
}
