namespace Efrap.Core.Verification;

/// <summary>
/// What holds of EFRAP rounding on the data that it was made with, on any machine: the budget is kept, and the objective
/// A(b) + κ·P(b) is as small as solving it again makes it. Another processor may round the last digit of a sum differently, and then
/// a weight whose two integers are worth the same goes the other way; that changes neither figure by more than the tolerance.
/// </summary>
/// <param name="Error">A of the integers.</param>
/// <param name="Allowed">ρ·A(nearest) or, where that is out of reach, what EFRAP rounding reaches.</param>
/// <param name="Objective">The objective of the integers, with the k that solving again ends at.</param>
/// <param name="SolvedObjective">The same of the integers that solving again gives.</param>
internal sealed record RoundingCertificate(double Error, double Allowed, double Objective, double SolvedObjective)
{
    /// <summary>How far, as a share, either figure may lie above what solving again gives. The search for k ends at 2 % of the budget or 5 %
    /// of k, and near its minimum the objective hardly depends on k.</summary>
    internal const double Tolerance = 0.01;

    /// <summary>Whether both figures are within the tolerance.</summary>
    internal bool Holds => Error <= (1 + Tolerance) * Allowed && Objective <= (1 + Tolerance) * SolvedObjective;
}
