using Efrap.AttackLab.Fixtures;

namespace Efrap.Torch.Tests.Fixtures;

[TestClass]
public sealed class StagedFilesAppearTogetherTests
{
    [TestMethod]
    public void Without_publishing_nothing_is_left()
    {
        using var folder = new TemporaryFolder();
        using (var stage = new StagingFolder(folder.Path))
            File.WriteAllText(stage.PathOf("a"), "new");
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Published_files_replace_older_ones()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a"], "old");
        using (var stage = new StagingFolder(folder.Path))
        {
            File.WriteAllText(stage.PathOf("a"), "new");
            File.WriteAllText(stage.PathOf("b"), "new");
            Assert.AreEqual(6, stage.Bytes);
            stage.Publish();
        }

        Assert.HasCount(2, Directory.GetFileSystemEntries(folder.Path));
        Assert.AreEqual("new", File.ReadAllText(folder["a"]));
    }
}
