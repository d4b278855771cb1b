using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Efrap.Core;

/// <summary>What the operating system knows of a file and .NET does not tell: its kind and the number of its names.</summary>
/// <param name="Kind">What lies there.</param>
/// <param name="Links">The number of directory entries (hard links) that name it.</param>
/// <param name="Device">With <paramref name="Index"/>, what makes two paths the same file.</param>
/// <param name="Index">The file's number on its device.</param>
internal readonly partial record struct FileStatus(FileKind Kind, ulong Links, ulong Device, ulong Index)
{
    private const int AtCurrentDirectory = -100;
    private const int AtSymbolicLinkNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStatistics = 0x7FF;

    /// <summary>The status of a path, without opening what lies there: opening a pipe waits for its other end.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followLinks">Whether a symbolic link at the end of the path stands for what it points to.</param>
    /// <returns>The status; of a missing file, <see cref="FileKind.Missing"/>.</returns>
    /// <exception cref="IOException">The system does not tell, for lack of permission say.</exception>
    public static FileStatus Of(string path, bool followLinks)
    {
        if (OperatingSystem.IsLinux())
            return Linux(AtCurrentDirectory, path, followLinks ? 0 : AtSymbolicLinkNoFollow);
        if (OperatingSystem.IsMacOS())
            return Mac(path, followLinks);
        if (OperatingSystem.IsWindows())
            return Windows(path, followLinks);
        throw new IOException("this operating system is not supported");
    }

    /// <summary>The status of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The status.</returns>
    /// <exception cref="IOException">The system does not tell.</exception>
    public static FileStatus Of(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
            return WindowsInformation(file);
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            var descriptor = (int)file.DangerousGetHandle();
            return OperatingSystem.IsLinux() ? Linux(descriptor, string.Empty, AtEmptyPath) : Mac(descriptor);
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    private static FileStatus Linux(int directory, string path, int flags) =>
        ExtendedStatus(directory, path, flags, BasicStatistics, out var status) == 0
            ? new(KindOf(status.Mode), status.Links, ((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Index)
            : MissingOrThrow();

    private static FileStatus Mac(string path, bool followLinks)
    {
        var intel = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        MacStatusBuffer status;
        var result = followLinks
            ? intel ? MacStatusIntel(path, out status) : MacStatus(path, out status)
            : intel ? MacLinkStatusIntel(path, out status) : MacLinkStatus(path, out status);
        return result == 0 ? Mac(status) : MissingOrThrow();
    }

    private static FileStatus Mac(int descriptor)
    {
        MacStatusBuffer status;
        var result = RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? MacDescriptorStatusIntel(descriptor, out status)
            : MacDescriptorStatus(descriptor, out status);
        return result == 0 ? Mac(status) : MissingOrThrow();
    }

    private static FileStatus Mac(MacStatusBuffer status) =>
        new(KindOf(status.Mode), status.Links, (uint)status.Device, status.Index);

    // No pipe or device hides behind an ordinary Windows path: FileStream itself refuses those.
    private static FileStatus Windows(string path, bool followLinks)
    {
        FileSystemInfo file = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!followLinks && file.LinkTarget is not null)
            return new(FileKind.SymbolicLink, 1, 0, 0);
        if (!file.Exists)
            return default;
        if (file is DirectoryInfo)
            return new(FileKind.Directory, 1, 0, 0);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return WindowsInformation(handle);
    }

    private static FileStatus WindowsInformation(SafeFileHandle file) =>
        GetFileInformationByHandle(file, out var information)
            ? new(
                FileKind.Regular, information.Links, information.Volume, ((ulong)information.IndexHigh << 32) | information.IndexLow)
            : throw new IOException(new Win32Exception().Message);

    private static FileStatus MissingOrThrow()
    {
        const int noEntry = 2;
        const int notDirectory = 20;
        var error = Marshal.GetLastPInvokeError();
        return error is noEntry or notDirectory ? default : throw new IOException(Marshal.GetPInvokeErrorMessage(error));
    }

    private static FileKind KindOf(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.SymbolicLink,
        _ => FileKind.Other,
    };

    // The layout of Linux' struct statx, the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct ExtendedStatusBuffer
    {
        [FieldOffset(16)] public uint Links;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Index;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }

    // The layout of macOS' struct stat with 64-bit inode numbers.
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct MacStatusBuffer
    {
        [FieldOffset(0)] public int Device;
        [FieldOffset(4)] public ushort Mode;
        [FieldOffset(6)] public ushort Links;
        [FieldOffset(8)] public ulong Index;
    }

    // BY_HANDLE_FILE_INFORMATION, whose times are pairs of 32-bit words.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct WindowsFileInformation
    {
        public uint Attributes;
        public ulong Created;
        public ulong Accessed;
        public ulong Written;
        public uint Volume;
        public uint SizeHigh;
        public uint SizeLow;
        public uint Links;
        public uint IndexHigh;
        public uint IndexLow;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExtendedStatus(int directory, string path, int flags, uint mask, out ExtendedStatusBuffer status);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MacStatus(string path, out MacStatusBuffer status);

    [LibraryImport("libc", EntryPoint = "lstat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MacLinkStatus(string path, out MacStatusBuffer status);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static partial int MacDescriptorStatus(int descriptor, out MacStatusBuffer status);

    // On Intel the plain names still mean the old structure with 32-bit inode numbers.
    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MacStatusIntel(string path, out MacStatusBuffer status);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MacLinkStatusIntel(string path, out MacStatusBuffer status);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static partial int MacDescriptorStatusIntel(int descriptor, out MacStatusBuffer status);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle file, out WindowsFileInformation information);
}

/// <summary>What lies at a path.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A file of bytes.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Directory,

    /// <summary>A symbolic link (or a junction), where links are not followed.</summary>
    SymbolicLink,

    /// <summary>A pipe, a socket or a device.</summary>
    Other,
}
