namespace Efrap.Core;

/// <summary>A step of an audit.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Lattice">On which lattice, or null.</param>
/// <param name="Done">The share of the whole audit that is done, 0 to 1.</param>
public sealed record AuditProgress(string Step, string? Lattice, double Done);
