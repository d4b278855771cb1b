using Efrap.Core.Indicators;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;

namespace Efrap.Core.Tests.Indicators;

[TestClass]
public sealed class AuditSubjectTests
{
    [TestMethod]
    public void What_an_indicator_keeps_is_computed_once_and_freed_with_the_subject()
    {
        var graph = new ModelGraph(OnnxModelReader.Read(TestData.Fixture("shapes-clean.onnx")));
        var (first, second) = (new LatticeResidual(), new LatticeResidual());
        Kept kept;
        using (var subject = new AuditSubject(graph, LayerPlanner.Plan(graph).Layers, null))
        {
            kept = subject.Once(first, () => new Kept());
            Assert.AreSame(kept, subject.Once(first, () => new Kept()));
            Assert.AreNotSame(kept, subject.Once(second, () => new Kept()));
            Assert.IsFalse(kept.IsDisposed);
        }

        Assert.IsTrue(kept.IsDisposed);
    }

    private sealed class Kept : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
