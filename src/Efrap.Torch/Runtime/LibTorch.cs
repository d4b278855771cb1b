using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Efrap.Torch.Runtime;

/// <summary>
/// Loads libtorch: from the folder that <c>EFRAP_LIBTORCH</c> names, or from beside the program. A build has it in a folder of its
/// own, so that several hundred megabytes need not lie in every package that uses them.
/// </summary>
internal static class LibTorch
{
    /// <summary>The environment variable that names the folder.</summary>
    internal const string FolderVariable = "EFRAP_LIBTORCH";

    // In the order in which they need each other.
    private static readonly string[] _libraries = ["c10", "torch_cpu", "torch"];

    /// <summary>Loads it and what TorchSharp puts on it.</summary>
    /// <exception cref="DllNotFoundException">A library is not there or does not fit this system.</exception>
    /// <exception cref="BadImageFormatException">A library is for another processor.</exception>
    internal static void Load()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            foreach (var library in _libraries)
                NativeLibrary.Load(Path.Combine(folder, FileName(library)));
            // Not every system finds what is loaded already by its name alone.
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
                _libraries.Contains(name) ? NativeLibrary.Load(Path.Combine(folder, FileName(name))) : 0;
        }

        // TorchSharp would look further and write pages about it, but say nothing of what the system's loader said.
        foreach (var library in (string[])["torch_cpu", "LibTorchSharp"])
            NativeLibrary.Load(library, typeof(torch).Assembly, null);
        torch.InitializeDeviceType(DeviceType.CPU);
    }

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
}
