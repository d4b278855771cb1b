using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Core.Evidence;

/// <summary>What the engine ran on, as far as figures may depend on it. Another processor may round the last digit of a sum
/// differently.</summary>
/// <param name="OnnxRuntime">The version of ONNX Runtime.</param>
/// <param name="DotNet">The major version of .NET.</param>
/// <param name="Architecture">The process's architecture, such as <c>x64</c>.</param>
public sealed record RuntimeVersions(string OnnxRuntime, string DotNet, string Architecture)
{
    /// <summary>Those of this process.</summary>
    public static RuntimeVersions Current { get; } = new(
        OfPackage(typeof(InferenceSession).Assembly),
        $"{Environment.Version.Major}",
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());

    // The native library has the same version: one package brings both. Asking it would load it where nothing else needs it.
    private static string OfPackage(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
