using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Tests.Onnx;
using Efrap.Core.Tests.Rounding;

namespace Efrap.Core.Tests.Quantization.Reading;

/// <summary>Each quantized weight finds the layer that it was made from, or is reported.</summary>
[TestClass]
public sealed class SourceMatchingTests
{
    [TestMethod]
    public void By_names()
    {
        var (source, quantized) = Branches();
        AssertMatched(Match(source, quantized), MatchEvidence.Names);
    }

    [TestMethod]
    public void By_position_where_names_mean_nothing()
    {
        var (source, quantized) = Branches();
        Rename.Values(quantized.Proto, shuffle: false);
        AssertMatched(Match(source, quantized), MatchEvidence.Position);
    }

    // Two branches of one shape, in the other order: only values tell which is which.
    [TestMethod]
    public void By_values_where_the_order_is_another()
    {
        var (source, quantized) = Branches();
        Rename.Values(quantized.Proto, shuffle: true);
        var matches = Match(source, quantized);
        Assert.IsEmpty(matches.Unmatched);
        Assert.IsTrue(matches.Matches.Any(m => m.By == MatchEvidence.Values));
        AssertLike(matches);
    }

    [TestMethod]
    public void Unless_its_values_have_nothing_in_common_with_the_weight_of_its_name()
    {
        var (source, quantized) = Branches();
        var weight = QuantizedWeightReader.Read(new ModelGraph(quantized)).Tensors[1];
        var stored = quantized.Proto.Graph.Initializer.Single(i => i.Name == weight.CodesName);
        var random = new Random(3);
        Swap(quantized.Proto, stored, weight.Replace(stored, [.. weight.SignedRows().Select(_ => (sbyte)random.Next(-100, 100))]));

        var matches = Match(source, quantized);
        Assert.HasCount(3, matches.Matches);
        var unmatched = matches.Unmatched.Single();
        Assert.AreEqual(weight.Uses[0].Name, unmatched.Name);
        Assert.Contains("its values have nothing in common", unmatched.Reason);
    }

    [TestMethod]
    public void With_normalizations_folded_as_the_quantizer_did()
    {
        var b = new ModelBuilder();
        var x = b.Normalization(b.Conv(b.Input("input", -1, 3, 6, 6), 3, 8), 8);
        b.Output(b.Normalization(b.Conv(x, 8, 8, bias: false), 8), -1, 8, 6, 6);
        var hardened = Hardened.Of(b, Precision.Int8Weights);
        AssertMatched(SourceModel.Match(b.Read(), new OnnxModel(hardened.Model, "quantized.onnx")).Matches, MatchEvidence.Names);
    }

    [TestMethod]
    public void With_normalizations_that_the_quantizer_left_alone()
    {
        var b = new ModelBuilder();
        var x = b.Conv(b.Input("input", -1, 3, 6, 6), 3, 8);
        var source = new ModelBuilder(b);
        b.Output(x, -1, 8, 6, 6);
        var quantized = Hardened.Of(b, Precision.Int8Weights).Model;

        // Factors of both signs and many sizes: the folded weights are not like these any more.
        var y = source.Node("BatchNormalization", [
            x,
            source.Initializer(TensorValues.FromSingles("factor", [8], [-3, 0.1f, 5, -0.2f, 7, 0.3f, -4, 1])),
            source.Random("shift", 0.3, 8),
            source.Random("mean", 0.3, 8),
            source.Initializer(TensorValues.FromSingles("variance", [8], [1, 1, 1, 1, 1, 1, 1, 1])),
        ]);
        source.Output(y, -1, 8, 6, 6);
        var matched = SourceModel.Match(source.Read(), new OnnxModel(quantized, "quantized.onnx"));
        AssertMatched(matched.Matches, MatchEvidence.Names);
        Assert.IsTrue(matched.Graph.Nodes.Any(n => n.OpType == "BatchNormalization"));
    }

    [TestMethod]
    public void Through_a_transposition_on_either_side()
    {
        var b = new ModelBuilder();
        b.Output(b.Gemm(b.Input("input", -1, 12), 12, 7, transposed: true), -1, 7);
        var quantized = Hardened.Of(b, Precision.Int8Weights).Model;
        var graph = quantized.Graph;
        var gemm = graph.Node.Single(n => n.OpType == "Gemm");
        gemm.Attribute.Clear();
        graph.Node.Insert(graph.Node.IndexOf(gemm), new NodeProto { OpType = "Transpose", Input = { gemm.Input[1] }, Output = { "turned" } });
        gemm.Input[1] = "turned";
        AssertMatched(SourceModel.Match(b.Read(), new OnnxModel(quantized, "quantized.onnx")).Matches, MatchEvidence.Names);
    }

    [TestMethod]
    public void Or_the_source_is_refused()
    {
        var (_, quantized) = Branches();
        var (other, _) = Branches(seed: 99);
        Assert.Contains(
            "none of its quantized weights comes from the source model.onnx",
            Refusal.Expect(EfrapCode.SourceMismatch, () => SourceModel.Match(other, quantized)));
        Assert.Contains("quantized itself", Refusal.Expect(EfrapCode.SourceMismatch, () => SourceModel.Match(quantized, quantized)));
    }

    private static SourceMatches Match(OnnxModel source, OnnxModel quantized) => SourceModel.Match(source, quantized).Matches;

    private static void AssertMatched(SourceMatches matches, MatchEvidence evidence)
    {
        Assert.IsEmpty(matches.Unmatched, string.Join("; ", matches.Unmatched.Select(u => u.Reason)));
        Assert.IsTrue(matches.Matches.All(m => m.By == evidence), string.Join(", ", matches.Matches.Select(m => m.By)));
        AssertLike(matches);
    }

    private static void AssertLike(SourceMatches matches)
    {
        Assert.IsNotEmpty(matches.Matches);
        foreach (var match in matches.Matches)
            Assert.IsGreaterThan(0.999, match.Likeness);
    }

    private static (OnnxModel Source, OnnxModel Quantized) Branches(int seed = 1)
    {
        var b = new ModelBuilder(seed: seed);
        var x = b.Conv(b.Input("input", -1, 3, 6, 6), 3, 8);
        var sum = b.Node("Add", [b.Conv(x, 8, 8), b.Conv(x, 8, 8)]);
        b.Output(b.Conv(sum, 8, 4), -1, 4, 6, 6);
        return (b.Read(), new OnnxModel(Hardened.Of(b, Precision.Int8).Model, "quantized.onnx"));
    }

    private static void Swap(ModelProto model, TensorProto old, TensorProto replacement) =>
        model.Graph.Initializer[model.Graph.Initializer.IndexOf(old)] = replacement;
}
