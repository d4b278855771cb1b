using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Indicators;

namespace Efrap.Core.Tests.Quantization.Reading;

/// <summary>What the engine writes, it reads: every layer's codes, on the lattice that they were rounded on.</summary>
[TestClass]
public sealed class HardenedModelsAreReadTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(Precision.Int8, Granularity.PerChannel)]
    [DataRow(Precision.Int8, Granularity.PerTensor)]
    [DataRow(Precision.Int8Weights, Granularity.PerChannel)]
    [DataRow(Precision.Int8Weights, Granularity.PerTensor)]
    [DataRow(Precision.Int4Weights, Granularity.PerChannel)]
    [DataRow(Precision.Int4Weights, Granularity.PerTensor)]
    [DataRow(Precision.W4A4, Granularity.PerChannel)]
    public void In_every_precision(Precision precision, Granularity granularity)
    {
        foreach (var solver in Solver.All)
        {
            using var folder = new TemporaryFolder();
            var output = folder.File("hardened.onnx");
            var original = TestData.Fixture("shapes-clean.onnx");
            Harden.Run(
                new HardenOptions(original, output, AuditedFixture.Calibration(samples: 32)) { Precision = precision, Granularity = granularity, Solver = solver },
                cancellationToken: TestContext.CancellationToken);

            var source = SourceModel.Match(OnnxModelReader.Read(original), OnnxModelReader.Read(output));
            Assert.IsEmpty(source.Matches.Unmatched);
            CollectionAssert.AreEqual(source.Layers.Select(l => l.Weight).ToArray(), source.Matches.Matches.Select(m => m.Layer.Weight).ToArray());
            foreach (var match in source.Matches.Matches)
            {
                Assert.AreEqual(MatchEvidence.Names, match.By);
                var lattice = match.Tensor.LatticeOf(match.Layer.Weights);
                Assert.AreEqual(granularity, lattice.Granularity);
                Check(lattice, match.Tensor.SignedRows(), nearest: solver == Solver.Nearest, match.Layer.Name);
            }
        }
    }

    private static void Check(WeightLattice lattice, sbyte[] codes, bool nearest, string layer)
    {
        var expected = lattice.Codes(lattice.NearestUp);
        for (var i = 0; i < codes.Length; i++)
        {
            var isPossible = codes[i] == expected[i] || (!nearest && lattice.Movable[i] && (codes[i] == lattice.Floor[i] || codes[i] == lattice.Floor[i] + 1));
            Assert.IsTrue(isPossible, $"{layer}, weight {i}: {codes[i]} where nearest is {expected[i]}");
        }

        Assert.AreEqual(nearest, codes.AsSpan().SequenceEqual(expected));
    }
}
