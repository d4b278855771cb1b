namespace Efrap.Core;

/// <summary>
/// Opens files for reading that may be anything: a pipe would make the reader wait for ever, a device has no end.
/// Both are refused before they are opened.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens a file whose path the user chose; links are followed.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The file, at its beginning.</returns>
    /// <exception cref="IOException">There is no such file, or it is not a regular one; the message says which.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    /// <exception cref="ArgumentException">The path is not valid.</exception>
    public static FileStream OpenRead(string path) => Open(path, followLinks: true);

    /// <summary>Opens a file whose path someone else chose: it must have one name only, which is no link.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static FileStream OpenReadUnlinked(string path)
    {
        var stream = Open(path, followLinks: false);
        if (FileStatus.Of(stream.SafeFileHandle).Links == 1)
            return stream;
        stream.Dispose();
        throw new IOException("the file has several names (hard links)");
    }

    private static FileStream Open(string path, bool followLinks)
    {
        path = Path.GetFullPath(path);
        var status = FileStatus.Of(path, followLinks);
        switch (status.Kind)
        {
            case FileKind.Missing:
                throw new FileNotFoundException("there is no such file");
            case FileKind.Directory:
                throw new IOException("this is a folder, not a file");
            case FileKind.SymbolicLink:
                throw new IOException("the file is a symbolic link");
            case FileKind.Other:
                throw new IOException("this is a pipe or a device, not a file");
        }

        // Unbuffered: readers take large pieces.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var opened = FileStatus.Of(stream.SafeFileHandle);
        if (opened.Kind == FileKind.Regular && (opened.Device, opened.Index) == (status.Device, status.Index))
            return stream;
        stream.Dispose();
        throw new IOException("the file was exchanged while it was being opened");
    }
}
