using Efrap.Core;
using Efrap.Core.Indicators;
using Efrap.Core.Quantization;

namespace Efrap.Cli.Settings;

/// <summary>Reads the lattices of an audit from text.</summary>
internal static class LatticeText
{
    /// <summary>The lattices, as they are spelt.</summary>
    public static readonly IReadOnlyList<string> Names = [.. AuditLattice.Applicable(quantized: true).Select(l => l.Name)];

    /// <summary>Reads lattices separated by commas.</summary>
    /// <param name="text">The text.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    /// <returns>At least one lattice, each once, in the order of <see cref="Names"/>.</returns>
    /// <exception cref="EfrapException"><see cref="EfrapCode.InvalidSetting"/>.</exception>
    public static IReadOnlyList<AuditLattice> Read(string text, string setting)
    {
        var names = text.Split(',');
        if (names.FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
            throw new EfrapException(EfrapCode.InvalidSetting, $"{setting} must be of {string.Join(", ", Names)}, separated by commas, not '{unknown}'.");
        return [.. AuditLattice.Applicable(quantized: true).Where(l => names.Contains(l.Name))];
    }

    /// <summary>The lattices that a precision rounds weights on.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="quantized">Whether the model is quantized and comes with its source: its own integers stay among them.</param>
    /// <returns>Per channel and per tensor: the attacker chose, not the auditor.</returns>
    public static IReadOnlyList<AuditLattice> Of(Precision precision, bool quantized) =>
        [.. AuditLattice.Applicable(quantized).Where(l => l is not CommonLattice common || common.Bits == (precision == Precision.Int4Weights ? 4 : 8))];
}
