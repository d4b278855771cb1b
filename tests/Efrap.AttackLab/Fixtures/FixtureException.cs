namespace Efrap.AttackLab.Fixtures;

/// <summary>The fixtures that came out are not what tests rely on.</summary>
/// <param name="message">Which requirement is missed.</param>
public sealed class FixtureException(string message) : Exception(message);
