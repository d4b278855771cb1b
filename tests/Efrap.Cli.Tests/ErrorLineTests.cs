using System.Text.RegularExpressions;
using Efrap.Core;

namespace Efrap.Cli.Tests;

[TestClass]
public sealed partial class ErrorLineTests
{
    [TestMethod]
    [DataRow(EfrapCode.ModelUnreadable, ExitCode.Error)]
    [DataRow(EfrapCode.CalibrationMismatch, ExitCode.Error)]
    [DataRow(EfrapCode.OutputNotWritten, ExitCode.Error)]
    [DataRow(EfrapCode.ModelNotRunnable, ExitCode.Error)]
    [DataRow(EfrapCode.Defect, ExitCode.Error)]
    [DataRow(EfrapCode.NothingToQuantize, ExitCode.NothingToDo)]
    [DataRow(EfrapCode.InvalidSetting, ExitCode.Usage)]
    public void A_problem_is_one_line_and_its_exit_code(EfrapCode code, int exitCode)
    {
        using var front = Failing(new EfrapException(code, "what is wrong.\nwhat to do.", "models/model.onnx"));
        Assert.AreEqual(exitCode, front.Harden());
        Assert.AreEqual($"models/model.onnx: error EFRAP{(int)code:D4}: what is wrong. what to do.", front.ErrorLines.Single());
    }

    [TestMethod]
    public void A_problem_without_a_file_comes_from_efrap()
    {
        using var front = Failing(new EfrapException(EfrapCode.ModelNotRunnable, "text"));
        front.Harden();
        Assert.AreEqual("efrap: error EFRAP2002: text", front.ErrorLines.Single());
    }

    [TestMethod]
    public void Build_tools_recognise_the_line()
    {
        using var front = Failing(new EfrapException(EfrapCode.ModelUnreadable, "error: 3 of 4: bytes", "C:/m.onnx"));
        front.Harden();
        var match = Canonical().Match(front.ErrorLines.Single());
        Assert.IsTrue(match.Success);
        Assert.AreEqual("C:/m.onnx", match.Groups["origin"].Value);
        Assert.AreEqual("error", match.Groups["category"].Value);
        Assert.AreEqual("EFRAP1002", match.Groups["code"].Value);
    }

    [TestMethod]
    public void A_defect_is_one_line()
    {
        using var front = Failing(new InvalidOperationException("a\nb"));
        Assert.AreEqual(ExitCode.Error, front.Harden());
        Assert.StartsWith("efrap: error EFRAP9001: unexpected InvalidOperationException: a b", front.ErrorLines.Single());
    }

    [TestMethod]
    [DataRow("--verbose", false)]
    [DataRow(null, true)]
    public void A_defect_shows_its_stack_trace_when_asked_to(string? option, bool debug)
    {
        using var front = new Front { Engine = new FakeEngine { Failure = _ => new InvalidOperationException("a") }, Debug = debug };
        Assert.AreEqual(ExitCode.Error, front.Harden(option is null ? [] : [option]));
        Assert.StartsWith("efrap: error EFRAP9001: ", front.ErrorLines[0]);
        Assert.Contains($"at {typeof(FakeEngine).FullName}.{nameof(FakeEngine.Harden)}", front.Error);
    }

    [TestMethod]
    public void A_missing_native_library_is_named()
    {
        foreach (var cause in new Exception[]
                 {
                     new DllNotFoundException("no libonnxruntime"),
                     new TypeInitializationException("Microsoft.ML.OnnxRuntime.NativeMethods", new DllNotFoundException("no libonnxruntime")),
                     new TypeInitializationException("X", new TypeInitializationException("Y", new EntryPointNotFoundException("no libonnxruntime"))),
                     new AggregateException(new DllNotFoundException("no libonnxruntime")),
                 })
        {
            using var front = Failing(cause);
            Assert.AreEqual(ExitCode.Error, front.Harden());
            Assert.StartsWith("efrap: error EFRAP0001: ", front.ErrorLines.Single());
            Assert.Contains("no libonnxruntime", front.Error);
        }
    }

    [TestMethod]
    public void A_library_that_the_native_library_needs_is_named_without_all_the_paths_tried()
    {
        using var front = Failing(new DllNotFoundException(
            "Unable to load shared library 'onnxruntime' or one of its dependencies. In order to help diagnose, use strace: \n"
            + "libstdc++.so.6: cannot open shared object file: No such file or directory\n"
            + "/app/onnxruntime.so: cannot open shared object file: No such file or directory\n"
            + "/app/libonnxruntime: cannot open shared object file: No such file or directory\n"));
        front.Harden();
        Assert.StartsWith(
            "efrap: error EFRAP0001: the native ONNX Runtime cannot be loaded: Unable to load shared library 'onnxruntime' or one of "
            + "its dependencies. libstdc++.so.6: cannot open shared object file: No such file or directory Efrap runs on linux-x64",
            front.ErrorLines.Single());
        Assert.DoesNotContain("/app", front.Error);
    }

    [TestMethod]
    public void A_failing_static_constructor_of_ours_is_a_defect()
    {
        using var front = Failing(new TypeInitializationException("Efrap.Core.X", new FormatException("f")));
        front.Harden();
        Assert.StartsWith("efrap: error EFRAP9001: ", front.ErrorLines.Single());
    }

    private static Front Failing(Exception e) => new() { Engine = new FakeEngine { Failure = _ => e } };

    // The pattern that MSBuild looks for in the output of the programs it runs, without line numbers.
    [GeneratedRegex(@"^\s*(?<origin>(([a-zA-Z]:)?[^:]*)):\s*(?<category>error|warning)(\s+(?<code>[^: ]+))?\s*:(?<text>.*)$")]
    private static partial Regex Canonical();
}
