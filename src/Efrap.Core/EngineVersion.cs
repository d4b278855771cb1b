using System.Reflection;

namespace Efrap.Core;

/// <summary>The version of the engine, as it stands in everything it writes.</summary>
public static class EngineVersion
{
    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
