using Efrap.Core;
using TorchSharp;

namespace Efrap.AttackLab.Training;

/// <summary>The native library under TorchSharp. It needs more of the system than .NET does.</summary>
public static class TorchRuntime
{
    /// <summary>Why the native library cannot be used here, in words; null where it can.</summary>
    /// <returns>The reason or null.</returns>
    public static string? Problem()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            return (e.InnerException ?? e).Message;
        }
    }

    /// <summary>Makes what follows repeatable on this machine.</summary>
    /// <param name="seed">The seed of random weights.</param>
    /// <param name="threads">The number of threads that one operator uses; sums depend on it.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.NativeLibraryMissing"/> where the library cannot be used.</exception>
    public static void Start(ulong seed, int threads)
    {
        if (Problem() is { } problem)
        {
            throw new EfrapException(
                EfrapCode.NativeLibraryMissing,
                $"TorchSharp's native library cannot be loaded ({problem}); on Linux it needs x64 and the libstdc++ of GCC 13 or later.");
        }

        torch.set_num_threads(threads);
        torch.manual_seed(unchecked((long)seed));
    }
}
