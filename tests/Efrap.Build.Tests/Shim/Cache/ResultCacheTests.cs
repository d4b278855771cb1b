using Efrap.Build.Tasks.Cache;

namespace Efrap.Build.Tests.Shim.Cache;

[TestClass]
public sealed class ResultCacheTests : IDisposable
{
    private readonly CachedModel _model = new();

    public void Dispose() => _model.Dispose();

    [TestMethod]
    public void What_was_made_is_put_where_it_is_wanted()
    {
        Assert.IsNull(_model.Restore());
        Assert.IsNull(_model.Make());
        var said = _model.Restore()!.Single();
        Assert.AreEqual(("result", "m.onnx", _model.PathOf("app/other/m.onnx"), 3), (said.Type, said.Id, said.Output, said.Layers));
        CollectionAssert.AreEqual(new[] { "evidence/m.onnx.audit.json", "m.onnx", "m.onnx.json", "m.onnx.record" }, _model.Files("app/other"));
        Assert.AreEqual("hardened", File.ReadAllText(_model.PathOf("app/other/m.onnx")));
        Assert.IsLessThan(TimeSpan.FromMinutes(1), DateTime.UtcNow - File.GetLastWriteTimeUtc(_model.PathOf("app/other/m.onnx")), "copying goes by time");
        Assert.IsEmpty(Directory.GetDirectories(_model.PathOf("cache/new")));
    }

    [TestMethod]
    public void A_damaged_entry_is_none()
    {
        _model.Make();
        var entry = _model.PathOf($"cache/entries/{_model.Key}");
        foreach (var file in Directory.GetFiles(entry))
        {
            var bytes = File.ReadAllBytes(file);
            File.WriteAllBytes(file, [(byte)(bytes[0] ^ 1), .. bytes[1..]]);
            Assert.IsNull(_model.Restore(), file);
            File.WriteAllBytes(file, bytes[1..]);
            Assert.IsNull(_model.Restore(), file);
            File.Delete(file);
            Assert.IsNull(_model.Restore(), file);
            File.WriteAllBytes(file, bytes);
        }

        Assert.IsNotNull(_model.Restore());
        Directory.Delete(_model.PathOf("cache"), recursive: true);
        Assert.IsNull(_model.Restore());
    }

    [TestMethod]
    [DataRow("""{"files":[{"place":"output","name":"/../../../escaped","sha256":""},{"place":"output","name":".record","sha256":""}],"dependencies":[],"messages":[]}""")]
    [DataRow("""{"files":null,"dependencies":[],"messages":[]}""")]
    [DataRow("[]")]
    [DataRow("")]
    public void A_hostile_entry_is_none(string text)
    {
        _model.Make();
        _model.Write($"cache/entries/{_model.Key}/{CacheEntry.FileName}", text);
        Assert.IsNull(_model.Restore());
        Assert.IsNull(_model.Make(), "a good one takes its place");
        Assert.IsNotNull(_model.Restore());
    }

    [TestMethod]
    public void External_data_must_be_the_same()
    {
        const string sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        _model.Write("app/weights.bin", "test");
        _model.Make($$"""{"externalData":[{"name":"weights.bin","sha256":"{{sha256}}"}]}""");
        Assert.IsNotNull(_model.Restore());
        _model.Write("app/weights.bin", "text");
        Assert.IsNull(_model.Restore());
        File.Delete(_model.PathOf("app/weights.bin"));
        Assert.IsNull(_model.Restore());
    }

    [TestMethod]
    public void What_a_waiver_let_pass_ends_with_it()
    {
        _model.Write("app/obj/m.onnx.until", "20291231\n");
        _model.Make();
        Assert.IsNotNull(_model.Restore("20291231"));
        Assert.IsNull(_model.Restore("20300101"));
    }

    [TestMethod]
    public void What_a_time_budget_cut_short_is_not_kept()
    {
        Assert.Contains("time budget", _model.Make("""{"indicators":[{"indicator":"a"},{"isCutShort":true}]}""")!);
        Assert.IsNull(_model.Restore());
    }

    [TestMethod]
    public void Files_of_an_earlier_action_are_not_taken_for_this_one()
    {
        _model.Write("app/obj/evidence/m.onnx.harden.intoto.json", "old");
        _model.Request.Models[0].Action = "audit";
        _model.Make();
        Assert.IsNotNull(_model.Restore());
        CollectionAssert.AreEqual(new[] { "evidence/m.onnx.audit.json", "m.onnx", "m.onnx.record" }, _model.Files("app/other"));
    }

    [TestMethod]
    public void The_entries_not_used_for_longest_make_room()
    {
        _model.Make();
        var first = _model.Key!;
        var bytes = Directory.GetFiles(_model.PathOf($"cache/entries/{first}")).Sum(f => new FileInfo(f).Length);
        _model.LargestBytes = (5 * bytes) / 2;
        foreach (var budget in new[] { 0.6, 0.7 })
        {
            Age();
            _model.Request.Models[0].Budget = 0.5;
            Assert.IsNotNull(_model.Cache.Restore(first, _model.Model("other"), "20300101"), "used again and again");
            _model.Request.Models[0].Budget = budget;
            _model.Make();
        }

        var left = Directory.GetDirectories(_model.PathOf("cache/entries")).Select(Path.GetFileName).ToList();
        CollectionAssert.AreEquivalent(new[] { first, _model.Key }, left);

        void Age()
        {
            foreach (var entry in Directory.GetDirectories(_model.PathOf("cache/entries")))
                Directory.SetLastWriteTimeUtc(entry, Directory.GetLastWriteTimeUtc(entry).AddHours(-1));
        }
    }

    [TestMethod]
    public async Task A_lock_is_waited_for_and_the_wait_can_be_cancelled()
    {
        var waits = 0;
        var first = _model.Cache.Lock(["a", "b"], () => waits++, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var cancelled = Task.Run(() => _model.Cache.Lock(["b", "c"], () => cancellation.Cancel(), cancellation.Token));
        await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled);
        var second = Task.Run(() => _model.Cache.Lock(["c", "b"], () => first.Dispose(), CancellationToken.None));
        (await second).Dispose();
        Assert.AreEqual(0, waits);
    }
}
