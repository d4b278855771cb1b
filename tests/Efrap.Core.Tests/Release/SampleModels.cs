using Efrap.Core.Onnx;
using Efrap.Core.Tests.Onnx;
using Google.Protobuf;

namespace Efrap.Core.Tests.Release;

/// <summary>Models that a release may hold, which differ in one weight.</summary>
internal static class SampleModels
{
    /// <summary>What the build shipped of its first model.</summary>
    public static byte[] Hardened { get; } = Of(1);

    /// <summary>The first model before it was hardened.</summary>
    public static byte[] Original { get; } = Of(2);

    /// <summary>The first model rounded to nearest by someone.</summary>
    public static byte[] Nearest { get; } = Of(3);

    /// <summary>Another model, which the build ships as it is.</summary>
    public static byte[] Audited { get; } = Of(4);

    private static byte[] Of(float weight)
    {
        var model = TinyModel.Create();
        model.Graph.Initializer[0] = TensorValues.FromSingles("w", [2, 3], [weight, 2, 3, 4, 5, 6]);
        return model.ToByteArray();
    }
}
