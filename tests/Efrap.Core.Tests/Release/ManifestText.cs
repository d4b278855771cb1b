using System.Text.Json.Nodes;

namespace Efrap.Core.Tests.Release;

/// <summary>Writes manifests, as a build would.</summary>
internal static class ManifestText
{
    /// <summary>A manifest of the two sample models: one in an assembly or at a path, one at a path.</summary>
    /// <param name="hardenedAt">Where the hardened one is.</param>
    public static byte[] OfSamples(params JsonObject[] hardenedAt) =>
        Of(Hardened("Models/a.onnx", hardenedAt), Audited("Models/b.onnx", SampleModels.Audited, At("Models/b.onnx")));

    /// <summary>A manifest.</summary>
    /// <param name="models">Its models.</param>
    public static byte[] Of(params JsonObject[] models) => System.Text.Encoding.UTF8.GetBytes(
        new JsonObject { ["schemaVersion"] = 1, ["engineVersion"] = "0.1.0", ["models"] = new JsonArray([.. models]) }.ToJsonString());

    /// <summary>The hardened sample.</summary>
    /// <param name="model">What the project calls it.</param>
    /// <param name="places">Where it is.</param>
    public static JsonObject Hardened(string model, params JsonObject[] places) => new()
    {
        ["model"] = model,
        ["action"] = "harden",
        ["listed"] = true,
        ["sha256"] = Digest.Of(SampleModels.Hardened),
        ["verdict"] = "pass",
        ["rounding"] = "efrap",
        ["originalSha256"] = Digest.Of(SampleModels.Original),
        ["places"] = new JsonArray([.. places]),
    };

    /// <summary>A model that was audited and ships as it is.</summary>
    /// <param name="model">What the project calls it.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="places">Where it is.</param>
    public static JsonObject Audited(string model, byte[] bytes, params JsonObject[] places) => new()
    {
        ["model"] = model,
        ["action"] = "audit",
        ["listed"] = false,
        ["sha256"] = Digest.Of(bytes),
        ["verdict"] = "pass",
        ["places"] = new JsonArray([.. places]),
    };

    /// <summary>The same model with one member more, or another value of it.</summary>
    /// <param name="model">The model, which is changed.</param>
    /// <param name="member">The member.</param>
    /// <param name="value">Its value.</param>
    public static JsonObject With(this JsonObject model, string member, JsonNode value)
    {
        model[member] = value;
        return model;
    }

    /// <summary>A file that belongs to a model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="bytes">Its bytes.</param>
    public static JsonObject File(string name, byte[] bytes) => new() { ["name"] = name, ["sha256"] = Digest.Of(bytes) };

    /// <summary>A file's place.</summary>
    /// <param name="path">Its path.</param>
    public static JsonObject At(string path) => new() { ["path"] = path };

    /// <summary>A resource's place.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="resource">The resource.</param>
    public static JsonObject In(string assembly, string resource) => new() { ["assembly"] = assembly, ["resource"] = resource };
}
