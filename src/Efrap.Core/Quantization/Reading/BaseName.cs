using System.Text.RegularExpressions;

namespace Efrap.Core.Quantization.Reading;

/// <summary>What is left of a name when the endings are taken off that quantizers, and the folding of a source, put on.</summary>
internal static partial class BaseName
{
    /// <summary>The base of a weight's, a node's or a value's name.</summary>
    /// <param name="name">The name, for example <c>fc.weight_quantized</c> or <c>/fc/Gemm_MatMul_quant</c>.</param>
    /// <returns>For example <c>fc.weight</c> or <c>/fc/Gemm</c>.</returns>
    internal static string Of(string name) => Endings.Replace(name, string.Empty);

    [GeneratedRegex(@"(_(quantized|quant|q|q\d+|int\d+|uint\d+|dequantized|dq|matmul|output|folded|evaluated))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex Endings { get; }
}
