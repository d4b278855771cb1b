using Efrap.Core.Onnx;
using Efrap.Core.Onnx.Proto;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Hardening.Quantized;

[TestClass]
public sealed class WrongPairsAreRefusedTests
{
    [TestMethod]
    public void A_full_precision_model_with_a_source() => StringAssert.Contains(
        Expect(EfrapCode.InvalidSetting, IntegerNet.Source().Build(), IntegerNet.Source().Build()),
        "a source was given, but this model is not quantized");

    [TestMethod]
    public void A_quantized_model_without_a_source() => StringAssert.Contains(
        Expect(EfrapCode.NothingToQuantize, null, IntegerNet.OnFixedGrids().Build()), "--source");

    [TestMethod]
    public void A_source_that_is_quantized_itself() => StringAssert.Contains(
        Expect(EfrapCode.SourceMismatch, IntegerNet.AtRunTime().Build(), IntegerNet.OnFixedGrids().Build()), "this source is quantized itself");

    [TestMethod]
    public void A_source_of_other_weights()
    {
        var other = IntegerNet.Source().Build();
        foreach (var weight in other.Graph.Initializer.Where(i => i.Name.EndsWith("weight", StringComparison.Ordinal)))
            weight.RawData = TensorValues.FromSingles(string.Empty, weight.Dims, [.. TensorValues.ToSingles(weight).Select(w => -w)]).RawData;
        StringAssert.Contains(Expect(EfrapCode.SourceMismatch, other, IntegerNet.OnFixedGrids().Build()), "none of its quantized weights comes from the source");
    }

    [TestMethod]
    public void A_source_of_other_inputs()
    {
        var other = IntegerNet.Source().Build();
        other.Graph.Input[0].Name = "picture";
        other.Graph.Node[0].Input[0] = "picture";
        StringAssert.Contains(Expect(EfrapCode.SourceMismatch, other, IntegerNet.OnFixedGrids().Build()), "its inputs are `input`, those of the source `picture`");
    }

    [TestMethod]
    public void Settings_that_the_file_decides()
    {
        StringAssert.Contains(Check(o => o with { Precision = Precision.Int4Weights }), "the quantized model decides both");
        StringAssert.Contains(Check(o => o with { Granularity = Granularity.PerTensor }), "the quantized model decides both");
        StringAssert.Contains(Check(o => o with { SourcePath = o.OutputPath }), "the output is the source itself");
        StringAssert.Contains(Check(o => o with { SourcePath = " " }), "the path of the source is empty");
        StringAssert.Contains(Check(o => o with { Solver = new OtherSolver() }), "choose one of budget, nearest");

        static string Check(Func<HardenOptions, HardenOptions> change) => Refusal.Expect(
            EfrapCode.InvalidSetting,
            () => Harden.Run(change(new HardenOptions("a.onnx", "b.onnx", new("c.npz")) { SourcePath = "d.onnx" })));
    }

    private static string Expect(EfrapCode code, ModelProto? source, ModelProto model)
    {
        using var folder = new TemporaryFolder();
        OnnxModelWriter.Write(model, folder.File("model.onnx"));
        if (source is not null)
            OnnxModelWriter.Write(source, folder.File("source.onnx"));
        var calibration = Inference.Samples.Write(folder, new ModelGraph(new OnnxModel(model, "model.onnx")));
        var before = folder.Content();
        var message = Refusal.Expect(code, () => Harden.Run(new HardenOptions(folder.File("model.onnx"), folder.File("out.onnx"), calibration)
        {
            SourcePath = source is null ? null : folder.File("source.onnx"),
        }));
        CollectionAssert.AreEqual(before, folder.Content());
        return message;
    }

    private sealed class OtherSolver : Solver
    {
        public override string Name => "other";

        internal override LayerRounding Round(LayerProblem problem, LayerActivations activations, double budget, ParallelOptions options) =>
            throw new InvalidOperationException("must not be asked");
    }
}
