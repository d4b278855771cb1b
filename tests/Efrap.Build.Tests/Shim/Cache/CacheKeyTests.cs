using Efrap.Build.Tasks.Protocol;

namespace Efrap.Build.Tests.Shim.Cache;

[TestClass]
public sealed class CacheKeyTests
{
    [TestMethod]
    public void Everything_that_decides_the_result_is_in_the_key()
    {
        using var app = new CachedModel();
        app.Write("app/source.onnx", "source");
        app.Write("app/folder/a.pb", "a");
        var model = app.Request.Models[0];
        var seen = new HashSet<string> { app.Key! };
        Action[] changes =
        [
            () => app.Write("app/m.onnx", "model 2"),
            () => app.Write("app/c.npz", "samples 2"),
            () => app.Write("app/efrap.policy.json", "{ }"),
            () => app.Write("tools/Efrap.Core.dll", "engine 2"),
            () => app.Request.Policy.File = null,
            () => app.Request.Policy.Profile = "strict",
            () => app.Request.Policy.Thresholds = ["a=1"],
            () => app.Request.Policy.Severities = ["a=1"],
            () => app.Request.Policy.Require = ["a=1"],
            () => app.Request.Mode = "report",
            () => app.Request.ProbeTime = 3,
            () => app.Request.Lattices = "int8-per-channel",
            () => model.Source = app.PathOf("app/source.onnx"),
            () => model.SourceIsImplied = true,
            () => app.Write("app/source.onnx", "source 2"),
            () => model.Action = "audit",
            () => model.IsListed = false,
            () => model.Precision = "int8",
            () => model.Granularity = "per-tensor",
            () => model.Solver = "nearest",
            () => model.SolverSteps = 10,
            () => model.SolverSeed = 10,
            () => model.Samples = 10,
            () => model.Budget = 0.25,
            () => model.CalibrationScale = 2,
            () => model.CalibrationMean = [0.5],
            () => model.CalibrationStd = [0.5],
            () => model.Calibration = app.PathOf("app/folder"),
            () => app.Write("app/folder/a.pb", "b"),
            () => app.Write("app/folder/test_data_set_0/a.pb", "a"),
            () => model.Output = app.PathOf("app/obj/n.onnx"),
            () => app.Request.Root = app.PathOf(""),
        ];
        foreach (var (change, index) in changes.Select((c, i) => (c, i)))
        {
            change();
            Assert.IsTrue(seen.Add(app.Key!), $"change {index} gives a key that was there before");
        }
    }

    [TestMethod]
    public void Where_files_lie_threads_and_the_order_of_models_are_not()
    {
        using var first = new CachedModel();
        using var second = new CachedModel();
        second.Request.Threads = 7;
        second.Request.Models = [new ModelRequest(), second.Model("somewhere else")];
        Assert.AreEqual(first.Key, Tasks.Cache.CacheKey.Of(second.Request, second.Request.Models[1], second.Engine));
    }

    [TestMethod]
    public void What_cannot_be_read_has_none()
    {
        using var app = new CachedModel();
        File.Delete(app.PathOf("app/c.npz"));
        Assert.IsNull(app.Key);
    }
}
