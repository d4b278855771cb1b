using System.Reflection;
using System.Runtime.Loader;
using Microsoft.ML.OnnxRuntime;

namespace Efrap.Build.Tests.Apps;

/// <summary>Looks into what a user would get.</summary>
internal static class Bytes
{
    /// <summary>Asserts that a model is the hardened one of an original: made in <c>obj</c>, other bytes, loadable, quantized.</summary>
    /// <param name="shipped">The bytes that ship.</param>
    /// <param name="hardened">The file in <c>obj</c>.</param>
    /// <param name="original">The full-precision file.</param>
    public static void AreHardened(byte[] shipped, string hardened, string original)
    {
        CollectionAssert.AreEqual(File.ReadAllBytes(hardened), shipped, "what ships is not what was hardened");
        CollectionAssert.AreNotEqual(File.ReadAllBytes(original), shipped, "what ships is the original");
        using var session = new InferenceSession(shipped);
        CollectionAssert.AreEqual(new[] { "input" }, session.InputMetadata.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { "logits" }, session.OutputMetadata.Keys.ToArray());
        var operators = Core.Onnx.Proto.ModelProto.Parser.ParseFrom(shipped).Graph.Node.Select(node => node.OpType).ToList();
        Assert.Contains("DequantizeLinear", operators, "the model is not quantized");
    }

    /// <summary>The manifest resources of an assembly.</summary>
    /// <param name="assembly">Its file.</param>
    /// <returns>Bytes by name.</returns>
    public static IReadOnlyDictionary<string, byte[]> Resources(string assembly)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        try
        {
            using var file = new MemoryStream(File.ReadAllBytes(assembly));
            var loaded = context.LoadFromStream(file);
            return loaded.GetManifestResourceNames().ToDictionary(name => name, name => Read(loaded, name));
        }
        finally
        {
            context.Unload();
        }
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
