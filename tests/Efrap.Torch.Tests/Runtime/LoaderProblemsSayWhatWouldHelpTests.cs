using Efrap.Torch.Runtime;

namespace Efrap.Torch.Tests.Runtime;

[TestClass]
public sealed class LoaderProblemsSayWhatWouldHelpTests
{
    [TestMethod]
    [DataRow("linux-x64")]
    [DataRow("debian.13-x64")]
    [DataRow("win-x64")]
    [DataRow("osx-arm64")]
    public void A_system_with_a_libtorch_is_no_problem(string system) => Assert.IsNull(LoaderProblem.OfSystem(system));

    [TestMethod]
    [DataRow("linux-arm64")]
    [DataRow("linux-musl-x64")]
    [DataRow("alpine.3.22-x64")]
    [DataRow("win-arm64")]
    [DataRow("win-x86")]
    [DataRow("osx-x64")]
    public void A_system_without_one_is_named(string system) =>
        Assert.AreEqual($"there is no libtorch for {system}; the Torch tier runs on linux-x64 (glibc), win-x64 and osx-arm64", LoaderProblem.OfSystem(system));

    [TestMethod]
    public void The_missing_version_of_the_cpp_library_is_named_with_the_remedy()
    {
        var problem = LoaderProblem.OfMessage(
            "Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.\n"
            + "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n"
            + "/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\n");
        Assert.Contains("lacks GLIBCXX_3.4.32", problem);
        Assert.Contains("libstdc++6 from trixie", problem);
        Assert.DoesNotContain("/app", problem);
    }

    [TestMethod]
    public void A_missing_version_of_the_c_library_is_named()
    {
        var problem = LoaderProblem.OfMessage("Unable to load.\n/lib/libm.so.6: version `GLIBC_2.38' not found (required by /app/libLibTorchSharp.so)\n");
        Assert.StartsWith("the system's C library lacks GLIBC_2.38;", problem);
    }

    [TestMethod]
    public void A_missing_library_that_libtorch_needs_is_named()
    {
        var problem = LoaderProblem.OfMessage(
            "Unable to load shared library 'torch_cpu' or one of its dependencies.\n"
            + "libgomp-98b21ff3.so.1: cannot open shared object file: No such file or directory\n"
            + "/app/torch_cpu.so: cannot open shared object file: No such file or directory\n");
        Assert.AreEqual("libgomp-98b21ff3.so.1: cannot open shared object file: No such file or directory", problem);
    }

    [TestMethod]
    public void That_there_is_no_libtorch_at_all_is_said_plainly()
    {
        var problem = LoaderProblem.OfMessage(
            "Unable to load shared library 'torch_cpu' or one of its dependencies.\n"
            + "/app/libtorch_cpu.so: cannot open shared object file: No such file or directory\n"
            + "torch_cpu: cannot open shared object file: No such file or directory\n");
        Assert.StartsWith("it is not there; ", problem);
    }
}
