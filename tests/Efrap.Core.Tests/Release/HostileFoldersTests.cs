using System.Diagnostics;
using Efrap.Core.Evidence;
using static Efrap.Core.Tests.Release.ManifestText;

namespace Efrap.Core.Tests.Release;

/// <summary>Links and special files in a folder are followed only where that cannot leave it.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "making links needs rights there that tests may lack")]
public sealed class HostileFoldersTests : ReleaseTest
{
    private static readonly byte[] _manifest = Of(Hardened("a.onnx", At("a.onnx")));

    [TestMethod]
    public void A_link_to_a_file_of_the_folder_is_followed()
    {
        Folder.Write("release/real/model", SampleModels.Nearest);
        System.IO.File.CreateSymbolicLink(Folder.File("release/a.onnx"), "real/model");
        var report = Verify(_manifest);
        StringAssert.StartsWith(report.Problems[0].Text, "differs");
        Assert.AreEqual("a.onnx", report.Problems[0].Place);
    }

    [TestMethod]
    [DataRow("a.onnx", true)]
    [DataRow("x.onnx", true)]
    [DataRow("x.txt", false)]
    public void A_link_that_leaves_the_folder_is_not(string name, bool fails)
    {
        Folder.Write("outside", SampleModels.Hardened);
        Folder.Write("release/deep/a.onnx", SampleModels.Hardened);
        System.IO.File.CreateSymbolicLink(Folder.File("release/" + name), "../outside");
        var report = Verify(_manifest);
        Assert.AreEqual(fails ? ReleaseVerdict.Fail : ReleaseVerdict.Pass, report.Verdict);
        var shown = fails ? Problem(report) : $"{report.NotChecked.Single().Place} {report.NotChecked.Single().Reason}";
        Assert.AreEqual($"{name} is a link that leaves the folder, or leads nowhere", shown);
    }

    [TestMethod]
    [Timeout(20_000)]
    public void Circles_end()
    {
        Folder.Write("release/a.onnx", SampleModels.Hardened);
        System.IO.File.CreateSymbolicLink(Folder.File("release/self"), "self");
        Directory.CreateSymbolicLink(Folder.File("release/up"), "..");
        var report = Verify(_manifest);
        Assert.AreEqual(ReleaseVerdict.Pass, report.Verdict);
        CollectionAssert.AreEqual(new[] { "self", "up" }, report.NotChecked.Select(f => f.Place).ToArray());
    }

    [TestMethod]
    [Timeout(20_000)]
    public void A_pipe_is_not_waited_for()
    {
        Folder.Write("release/deep/a.onnx", SampleModels.Hardened);
        Process.Start("mkfifo", Folder.File("release/a.onnx")).WaitForExit();
        Assert.AreEqual("a.onnx is a pipe, a socket or a device, not a file", Problem(Verify(_manifest)));
    }

    [TestMethod]
    public void A_link_to_the_folder_itself_is_what_the_user_chose()
    {
        Folder.Write("release/a.onnx", SampleModels.Hardened);
        Directory.CreateSymbolicLink(Folder.File("link"), "release");
        Assert.AreEqual(ReleaseVerdict.Pass, Verify(_manifest, Folder.File("link")).Verdict);
    }
}
