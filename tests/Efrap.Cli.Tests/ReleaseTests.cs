using Efrap.Core;
using Efrap.Core.Evidence;

namespace Efrap.Cli.Tests;

[TestClass]
public sealed class ReleaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("efrap-");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public void What_was_found_is_shown_model_by_model()
    {
        VerifyReleaseOptions? asked = null;
        using var front = Front(Reports.Release, options => asked = options);
        Assert.AreEqual(ExitCode.Failed, front.Run("verify", _folder.FullName, "--manifest", "m.json", "--report", "r.json"));
        Assert.AreEqual(
            $"""
            {_folder.Name}: 0 of 2 files, App.dll

            Place                      Model          Action  Rounding  Audit  Result
            App.dll!App.Models.a.onnx  Models/a.onnx  harden  efrap     warn   as shipped
            b.onnx                     -              -       -         -      ! not in the manifest

            Not checked  Reason
            d.ort        is not checked

            b.onnx: error EFRAP2007: is not in the manifest.
            note: Models/c.onnx of the manifest is not here.
            note: a note
            manifest: efrap.manifest.json, from the release itself, SHA-256 {new string('a', 64)}
            FAILED: 1 problem in 2 models.

            """.ReplaceLineEndings("\n"),
            front.Output);
        Assert.AreEqual(("m.json", "r.json"), (asked!.ManifestPath, asked.ReportPath));
        Assert.AreSame(front.Time, asked.Time);
    }

    [TestMethod]
    [DataRow(ReleaseVerdict.Pass, ExitCode.Clean)]
    [DataRow(ReleaseVerdict.Fail, ExitCode.Failed)]
    [DataRow(ReleaseVerdict.NothingFound, ExitCode.NothingToDo)]
    public void The_exit_code_is_the_verdict(ReleaseVerdict verdict, int code)
    {
        using var front = Front(Reports.Release with { Verdict = verdict });
        Assert.AreEqual(code, front.Run("verify", _folder.FullName));
    }

    [TestMethod]
    [DataRow("--source", "m.onnx")]
    [DataRow("--calibration", "s.npz")]
    [DataRow("--budget", "0.5")]
    [DataRow("--threads", "1")]
    public void Options_of_a_model_mean_nothing_with_a_release(string option, string value)
    {
        using var front = Front(Reports.Release);
        Assert.AreEqual(ExitCode.Usage, front.Run("verify", _folder.FullName, option, value));
        Assert.Contains($"{option} means nothing with a release", front.ErrorLines.Single());
    }

    [TestMethod]
    public void A_manifest_means_nothing_with_a_model()
    {
        using var front = Front(Reports.Release);
        Assert.AreEqual(ExitCode.Usage, front.Run("verify", "model.onnx", "--manifest", "m.json"));
        Assert.Contains("--manifest means nothing with a model", front.ErrorLines.Single());
        Assert.IsEmpty(front.Engine.Verifications);
    }

    [TestMethod]
    public void A_report_over_the_manifest_is_usage()
    {
        using var front = Front(Reports.Release);
        Assert.AreEqual(ExitCode.Usage, front.Run("verify", _folder.FullName, "--manifest", "m.json", "--report", "m.json"));
        Assert.Contains("--report names a file that is read", front.ErrorLines.Single());
    }

    [TestMethod]
    [DataRow("a.zip", "", true)]
    [DataRow("a.NUPKG", "", true)]
    [DataRow("a.dll", "", true)]
    [DataRow("App", "\u007FELF", true)]
    [DataRow("data", "PK\u0003\u0004", true)]
    [DataRow("model.onnx", "\u0008\u000a", false)]
    [DataRow("packed.onnx", "PK\u0003\u0004", false)]
    [DataRow("model", "\u0008\u000a", false)]
    public void A_release_is_told_from_a_model(string name, string beginning, bool isRelease)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, beginning);
        using var front = Front(Reports.Release);
        front.Run("verify", path);
        Assert.HasCount(isRelease ? 0 : 1, front.Engine.Verifications);
    }

    [TestMethod]
    public void A_real_release_without_a_manifest_is_an_error_of_one_line()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Error, front.Run("verify", _folder.FullName));
        Assert.Contains("error EFRAP2006: there is no efrap.manifest.json in it", front.ErrorLines.Single());
        Assert.AreEqual(string.Empty, front.Output);
    }

    [TestMethod]
    public void A_missing_archive_is_an_error_of_one_line()
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Error, front.Run("verify", Path.Combine(_folder.FullName, "absent.zip")));
        Assert.Contains("error EFRAP1007: cannot be looked into: there is no such file", front.ErrorLines.Single());
    }

    [TestMethod]
    public void Names_in_a_release_cannot_control_the_terminal()
    {
        const string name = "\u001b[2Jx";
        using var front = Front(Reports.Release with
        {
            Models = [Reports.Release.Models[0] with { Model = name }],
            NotHere = [name],
            NotChecked = [new UncheckedFile(name, name)],
            Problems = [new ReleaseProblem(EfrapCode.ReleaseMismatch, name, name)],
            Notes = [name],
        });
        Assert.AreEqual(ExitCode.Failed, front.Run("verify", _folder.FullName));
        Assert.DoesNotContain("\u001b", front.Output);
    }

    private static Front Front(ReleaseReport report, Action<VerifyReleaseOptions>? asked = null) => new()
    {
        VerifyRelease = (options, progress, _) =>
        {
            asked?.Invoke(options);
            progress?.Report(new ReleaseProgress("App.dll", 0, 2));
            progress?.Report(new ReleaseProgress("b.onnx", 1, 2));
            return report;
        },
    };
}
