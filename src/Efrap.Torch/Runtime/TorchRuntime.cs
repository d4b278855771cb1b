using System.Runtime.InteropServices;
using Efrap.Core;
using TorchSharp;

namespace Efrap.Torch.Runtime;

/// <summary>The native library under TorchSharp. It needs more of the system than .NET does.</summary>
public static class TorchRuntime
{
    /// <summary>Why the native library cannot be used here, in one line; null where it can.</summary>
    /// <returns>The reason or null.</returns>
    public static string? Problem()
    {
        try
        {
            // TorchSharp would look further and write pages about it, but say nothing of what the system's loader said.
            foreach (var library in (string[])["torch_cpu", "LibTorchSharp"])
                NativeLibrary.Load(library, typeof(torch).Assembly, null);
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or NotSupportedException)
        {
            var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.FirstOrDefault(l => l.Contains("GLIBCXX", StringComparison.Ordinal)) ?? lines[0];
        }
    }

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
        {
            throw new EfrapException(
                EfrapCode.NativeLibraryMissing,
                $"TorchSharp's native library cannot be loaded ({problem}); on Linux it needs x64 and the libstdc++ of GCC 13 or later.");
        }
    }
}
