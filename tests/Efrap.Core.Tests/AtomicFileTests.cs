using System.Diagnostics;

namespace Efrap.Core.Tests;

[TestClass]
public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_file_is_written_and_nothing_else_is_left()
    {
        AtomicFile.Write(_folder.File("a/b/out.bin"), s => s.Write([1, 2, 3]));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, File.ReadAllBytes(_folder.File("a/b/out.bin")));
        CollectionAssert.AreEqual(new[] { "a", "a/b", "a/b/out.bin" }, Slashes(_folder.Content()));
    }

    [TestMethod]
    public void An_old_file_is_replaced()
    {
        var path = _folder.Write("out.bin", [9, 9, 9, 9, 9]);
        AtomicFile.Write(path, s => s.Write([1]));
        CollectionAssert.AreEqual(new byte[] { 1 }, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void A_name_as_long_as_the_file_system_allows_is_written()
    {
        var path = _folder.File(new string('n', 255));
        AtomicFile.Write(path, s => s.Write([1]));
        Assert.IsTrue(File.Exists(path));
    }

    [TestMethod]
    public void A_failure_while_writing_leaves_the_old_file_and_nothing_else()
    {
        var path = _folder.Write("out.bin", [9]);
        var fault = Assert.ThrowsExactly<InvalidOperationException>(() => AtomicFile.Write(path, s =>
        {
            s.Write(new byte[100_000]);
            throw new InvalidOperationException("not ours to translate");
        }));
        Assert.AreEqual("not ours to translate", fault.Message);
        AssertOldFileOnly(path);
    }

    [TestMethod]
    public void An_argument_error_of_the_writer_is_not_taken_for_a_bad_path() =>
        Assert.ThrowsExactly<ArgumentException>(() => AtomicFile.Write(_folder.File("out.bin"), _ => throw new ArgumentException("defect")));

    [TestMethod]
    public void Folders_made_for_a_file_that_was_not_written_are_removed()
    {
        Assert.ThrowsExactly<InvalidOperationException>(
            () => AtomicFile.Write(_folder.File("a/b/out.bin"), _ => throw new InvalidOperationException()));
        Assert.IsEmpty(_folder.Content());
    }

    [TestMethod]
    public void Cancelling_leaves_the_old_file_and_nothing_else()
    {
        var path = _folder.Write("out.bin", [9]);
        using var source = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => AtomicFile.Write(path, _ => source.Cancel(), source.Token));
        AssertOldFileOnly(path);
        Assert.ThrowsExactly<OperationCanceledException>(() => AtomicFile.Write(path, _ => Assert.Fail("must not start"), source.Token));
    }

    [TestMethod]
    public void What_cannot_be_a_target_is_refused_before_writing()
    {
        _folder.Write("folder/file", [9]);
        foreach (var path in new[] { _folder.File("folder"), _folder.File("folder/"), string.Empty, "a\0b", _folder.File(new string('n', 256)) })
            Refusal.Expect(EfrapCode.OutputNotWritten, () => AtomicFile.Write(path, _ => Assert.Fail("must not start")));
        Refusal.Expect(EfrapCode.OutputNotWritten, () => AtomicFile.Write(_folder.File("folder/file/out.bin"), s => s.Write([1])));
        CollectionAssert.AreEqual(new[] { "folder", "folder/file" }, Slashes(_folder.Content()));
    }

    [TestMethod]
    public void A_device_is_not_replaced()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("needs /dev/full");
        Refusal.Expect(EfrapCode.OutputNotWritten, () => AtomicFile.Write("/dev/full", _ => Assert.Fail("must not start")));
    }

    [TestMethod]
    public void A_symbolic_link_stays_and_its_target_is_replaced()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("symbolic links need rights on Windows");
        var target = _folder.Write("real/out.bin", [9]);
        var link = _folder.File("out.bin");
        File.CreateSymbolicLink(link, target);
        AtomicFile.Write(link, s => s.Write([1]));
        CollectionAssert.AreEqual(new byte[] { 1 }, File.ReadAllBytes(target));
        Assert.IsNotNull(new FileInfo(link).LinkTarget);
    }

    [TestMethod]
    public void A_folder_without_permission_is_reported()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("needs Unix permissions");
        else
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        if (Environment.IsPrivilegedProcess)
            Assert.Inconclusive("root may write everywhere");
        Refusal.Expect(EfrapCode.OutputNotWritten, () => AtomicFile.Write(_folder.File("out.bin"), s => s.Write([1])));
    }

    [TestMethod]
    public void A_full_disk_is_reported_and_leaves_the_old_file_and_nothing_else()
    {
        using var disk = SmallDisk.Mount(_folder.File("disk"), kilobytes: 64);
        var path = _folder.Write("disk/out.bin", [9]);
        var message = Refusal.Expect(EfrapCode.OutputNotWritten, () => AtomicFile.Write(path, s => s.Write(new byte[1 << 20])));
        StringAssert.Contains(message, "No space left");
        Assert.DoesNotContain(".tmp", message);
        // Bytes that only reach the disk when the buffer is flushed.
        using (var filler = File.Create(_folder.File("disk/filler")))
            Assert.ThrowsExactly<IOException>(() => Fill(filler));
        Refusal.Expect(EfrapCode.OutputNotWritten, () => AtomicFile.Write(path, s => s.Write(new byte[100])));
        CollectionAssert.AreEqual(new[] { "disk", "disk/filler", "disk/out.bin" }, Slashes(_folder.Content()));
        CollectionAssert.AreEqual(new byte[] { 9 }, File.ReadAllBytes(path));
    }

    private static void Fill(FileStream file)
    {
        while (true)
        {
            file.Write(new byte[4096]);
            file.Flush();
        }
    }

    private static string[] Slashes(string[] paths) => Array.ConvertAll(paths, p => p.Replace('\\', '/'));

    private void AssertOldFileOnly(string path)
    {
        CollectionAssert.AreEqual(new byte[] { 9 }, File.ReadAllBytes(path));
        Assert.HasCount(1, _folder.Content());
    }

    /// <summary>A real file system that is soon full. A device like /dev/full would not do: no file can be renamed on it.</summary>
    private sealed class SmallDisk(string path) : IDisposable
    {
        public static SmallDisk Mount(string path, int kilobytes)
        {
            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
                Assert.Inconclusive("needs root on Linux to mount a small tmpfs");
            Directory.CreateDirectory(path);
            using var mount = Process.Start(
                new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path]) { RedirectStandardError = true })!;
            var error = mount.StandardError.ReadToEnd();
            mount.WaitForExit();
            if (mount.ExitCode != 0)
                Assert.Inconclusive($"a tmpfs cannot be mounted here: {error.Trim()}");
            return new SmallDisk(path);
        }

        public void Dispose() => Process.Start("umount", path).WaitForExit();
    }
}
