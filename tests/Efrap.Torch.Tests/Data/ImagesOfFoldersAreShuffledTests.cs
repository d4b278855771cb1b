using Efrap.AttackLab.Data;
using Efrap.Core;

namespace Efrap.Torch.Tests.Data;

[TestClass]
public sealed class ImagesOfFoldersAreShuffledTests
{
    private static readonly ImageFormat _format = new(1, 2, 2, Preprocessing.Shapes);

    [TestMethod]
    public void Training_goes_through_all_images_again_and_again_in_another_order()
    {
        using var folder = Folder();
        var images = new ImageFolder(folder.Path, 1);
        Assert.AreEqual((3, 12), (images.Classes, images.Draw(SamplePurpose.Training, 0, 12).Count));
        var rounds = Enumerable.Range(0, 2).Select(r => First(images.Draw(SamplePurpose.Training, 12 * r, 12))).ToArray();
        foreach (var round in rounds)
            CollectionAssert.AreEqual(Enumerable.Range(0, 12).Select(i => (byte)i).ToArray(), round.Order().ToArray());
        CollectionAssert.AreNotEqual(rounds[0], rounds[1]);
        CollectionAssert.AreEqual(
            rounds[0][5..].Concat(rounds[1][..6]).ToArray(), First(images.Draw(SamplePurpose.Training, 5, 13)), "however they are asked for");
    }

    [TestMethod]
    public void Test_images_come_from_their_own_file_and_only_once()
    {
        using var folder = Folder();
        var test = new ImageFolder(folder.Path, 1).Draw(SamplePurpose.Test, 0, 100);
        CollectionAssert.AreEquivalent(new byte[] { 100, 101, 102, 103, 104 }, First(test));
        foreach (var (value, label) in First(test).Zip(test.Labels))
            Assert.AreEqual(value % 3, label, "labels stay with their images");
    }

    [TestMethod]
    public void A_folder_without_the_files_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual(EfrapCode.CalibrationNotFound, Assert.ThrowsExactly<EfrapException>(() => new ImageFolder(folder.Path, 1)).Code);
    }

    private static byte[] First(LabeledSamples images) => [.. Enumerable.Range(0, images.Count).Select(i => images.Sample(i)[0])];

    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        NpzFile.Write(folder["train.npz"], Images(0, 12), withLabels: true);
        NpzFile.Write(folder["test.npz"], Images(100, 5), withLabels: true);
        return folder;
    }

    // The classes lie one after the other as files often have them.
    private static LabeledSamples Images(int first, int count) => new(
        [.. Enumerable.Range(first, count).SelectMany(i => Enumerable.Repeat((byte)i, 4))],
        [.. Enumerable.Range(first, count).Select(i => i % 3L)],
        _format);
}
