using Efrap.Core.Onnx;

namespace Efrap.Core.Tests.Onnx;

[TestClass]
public sealed class ExternalPathTests
{
    [TestMethod]
    [DataRow("weights.bin", "weights.bin")]
    [DataRow("./weights.bin", "weights.bin")]
    [DataRow("data//weights.bin", "data/weights.bin")]
    [DataRow("data/../weights.bin", "weights.bin")]
    [DataRow("a/./b/../c.bin", "a/c.bin")]
    [DataRow("..weights", "..weights")]
    [DataRow("données.bin", "données.bin")]
    public void A_path_inside_the_folder_is_resolved(string location, string expected)
    {
        Assert.IsTrue(ExternalPath.TryResolve(location, out var path, out var fault), fault);
        Assert.AreEqual(expected, path);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(".")]
    [DataRow("data/..")]
    [DataRow("weights.bin/")]
    [DataRow("..")]
    [DataRow("../weights.bin")]
    [DataRow("data/../../weights.bin")]
    [DataRow("data/../../folder/weights.bin")]
    [DataRow("/etc/passwd")]
    [DataRow("//server/share/weights.bin")]
    [DataRow(@"\\server\share\weights.bin")]
    [DataRow(@"..\weights.bin")]
    [DataRow(@"data\weights.bin")]
    [DataRow("C:weights.bin")]
    [DataRow("C:/weights.bin")]
    [DataRow("weights.bin:stream")]
    [DataRow("weights\0.bin")]
    [DataRow("weights\n.bin")]
    [DataRow("data/.. /../weights.bin")]
    [DataRow("data/.../weights.bin")]
    [DataRow("weights.bin.")]
    public void Every_other_path_is_refused(string location)
    {
        Assert.IsFalse(ExternalPath.TryResolve(location, out _, out var fault));
        Assert.IsFalse(string.IsNullOrEmpty(fault));
    }
}
