namespace Efrap.Core.Policies;

/// <summary>A waiver that names the model and an indicator that failed on it.</summary>
/// <param name="Reason">Why the failure is accepted.</param>
/// <param name="Reviewer">Who accepted it.</param>
/// <param name="Expires">The last day, in UTC, on which the waiver holds.</param>
/// <param name="IsExpired">Whether that day has passed: the failure then counts.</param>
public sealed record AppliedWaiver(string Reason, string Reviewer, DateOnly Expires, bool IsExpired);
