namespace Efrap.Core.Quantization.Reading;

/// <summary>How a model file stores a quantized weight.</summary>
internal enum StoredForm
{
    /// <summary>Integers behind a DequantizeLinear, which a float operator reads (QDQ).</summary>
    DequantizeLinear,

    /// <summary>Integers in an operator that computes with integers on grids that the file fixes: QLinearConv, QLinearMatMul, QGemm.</summary>
    QLinear,

    /// <summary>Integers in an operator whose activations are quantized at run time: ConvInteger, MatMulInteger and their fused forms.</summary>
    Dynamic,

    /// <summary>Integers of 2, 4 or 8 bits packed in blocks along the inputs: MatMulNBits.</summary>
    Blocks,
}
