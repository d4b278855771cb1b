using Efrap.Core.Calibration;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;

namespace Efrap.Core.Indicators;

/// <summary>What is audited: a full-precision model, its layers and the samples that it is measured on.</summary>
/// <param name="Graph">The model, its normalizations folded.</param>
/// <param name="Layers">The layers that a quantizer would round.</param>
/// <param name="Samples">The calibration samples, or null where there are none.</param>
internal sealed record AuditSubject(ModelGraph Graph, IReadOnlyList<QuantizableLayer> Layers, CalibrationSet? Samples);
