using System.Runtime.InteropServices;
using Efrap.Core;
using TorchSharp;

namespace Efrap.Torch.Runtime;

/// <summary>The native library under TorchSharp. It needs more of the system than .NET does.</summary>
public static class TorchRuntime
{
    // What the system's loader has refused once it refuses again.
    private static readonly Lazy<string?> _problem = new(Load);

    /// <summary>Why the native library cannot be used here, in one line that says what would help; null where it can.</summary>
    /// <returns>The reason or null.</returns>
    public static string? Problem() => _problem.Value;

    /// <summary>Makes what follows repeatable on this machine.</summary>
    /// <param name="seed">The seed of random weights.</param>
    /// <param name="threads">The number of threads that one operator uses; sums depend on it.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.NativeLibraryMissing"/> where the library cannot be used.</exception>
    public static void Start(ulong seed, int threads)
    {
        Require();
        torch.set_num_threads(threads);
        torch.manual_seed(unchecked((long)seed));
    }

    /// <summary>Makes sure that the native library is there.</summary>
    /// <exception cref="EfrapException"><see cref="EfrapCode.NativeLibraryMissing"/> where it cannot be used.</exception>
    public static void Require()
    {
        if (Problem() is { } problem)
            throw new EfrapException(EfrapCode.NativeLibraryMissing, $"libtorch cannot be loaded: {problem}. See docs/torch.md.");
    }

    private static string? Load()
    {
        if (LoaderProblem.OfSystem(RuntimeInformation.RuntimeIdentifier) is { } unsupported)
            return unsupported;
        try
        {
            LibTorch.Load();
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or NotSupportedException)
        {
            return LoaderProblem.OfMessage(e.Message);
        }
    }
}
