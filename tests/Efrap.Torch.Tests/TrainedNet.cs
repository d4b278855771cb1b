using System.Runtime.InteropServices;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.Core.Onnx;
using static TorchSharp.torch;

namespace Efrap.Torch.Tests;

/// <summary>The honestly trained net of <c>tests/fixtures</c>, as attackers find it.</summary>
internal static class TrainedNet
{
    /// <summary>Reads the fixture.</summary>
    /// <returns>The net, folded.</returns>
    public static ResidualNet Load()
    {
        var graph = OnnxModelReader.Read(Path()).Proto.Graph;
        var constants = graph.Initializer.ToDictionary(t => t.Name, t => MemoryMarshal.Cast<byte, float>(t.RawData.Span).ToArray());
        var net = new ResidualNet(ShapeGeometry.Count, normalized: false);
        var parameters = net.parameters().ToArray();
        using var noGradient = no_grad();
        foreach (var layer in net.WeightLayers())
        {
            var node = graph.Node.Single(n => n.Name == layer.Name);
            var bias = parameters[Array.FindIndex(parameters, p => p.Handle == layer.Weight.Handle) + 1];
            layer.Weight.copy_(tensor(constants[node.Input[1]]).reshape(layer.Weight.shape));
            bias.copy_(tensor(constants[node.Input[2]]).reshape(bias.shape));
        }

        net.eval();
        return net;
    }

    private static string Path()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = System.IO.Path.Combine(folder.FullName, "tests", "fixtures", "shapes-clean.onnx");
            if (File.Exists(file))
                return file;
        }

        throw new FileNotFoundException("tests/fixtures/shapes-clean.onnx");
    }
}
