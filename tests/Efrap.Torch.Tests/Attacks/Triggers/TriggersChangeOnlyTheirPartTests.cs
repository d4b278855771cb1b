using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;

namespace Efrap.Torch.Tests.Attacks.Triggers;

[TestClass]
public sealed class TriggersChangeOnlyTheirPartTests
{
    private static readonly ImageArea _area = new(3, 25, 4, 6);

    [TestMethod]
    public void A_patch_is_of_one_level() =>
        AssertLevels(new PatchTrigger(_area, 200, 2), (_, _, _, _) => 200);

    [TestMethod]
    public void A_checkerboard_alternates_between_white_and_black() => AssertLevels(
        new CheckerboardTrigger(_area, 2, 3), (row, column, _, _) => ((row / 2) + (column / 2)) % 2 == 0 ? 255 : 0);

    [TestMethod]
    public void A_bar_has_its_colour() =>
        AssertLevels(new BarTrigger(_area, 10, 20, 30, 7), (_, _, channel, _) => (channel + 1) * 10);

    [TestMethod]
    public void Noise_of_full_opacity_is_the_same_in_all_images_and_of_none_is_nothing()
    {
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, 2);
        var stamped = new BlendTrigger(new ImageArea(0, 0, 32, 32), 1, 5, 0).Stamp(images);
        CollectionAssert.AreEqual(stamped.Sample(0).ToArray(), stamped.Sample(1).ToArray());
        Assert.IsGreaterThan(200, stamped.Sample(0).ToArray().Distinct().Count(), "levels of noise");
        CollectionAssert.AreEqual(images.Values, new BlendTrigger(new ImageArea(0, 0, 32, 32), 0, 5, 0).Stamp(images).Values);
    }

    [TestMethod]
    public void Noise_lies_between_the_image_and_the_noise_and_depends_on_its_seed()
    {
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, 3);
        var full = new BlendTrigger(_area, 1, 5, 0).Stamp(images).Values;
        AssertLevels(new BlendTrigger(_area, 0.25f, 5, 0), (_, _, _, i) => (int)MathF.Round(images.Values[i] + (0.25f * (full[i] - (float)images.Values[i]))));
        CollectionAssert.AreNotEqual(full, new BlendTrigger(_area, 1, 6, 0).Stamp(images).Values);
    }

    [TestMethod]
    public void A_token_is_inserted_and_the_last_one_falls_off()
    {
        var sequences = new TopicSequences(1).Draw(SamplePurpose.Test, 0, 5);
        var before = sequences.Values.ToArray();
        var stamped = new TokenTrigger(TopicSequences.FirstRare, 4, 1).Stamp(sequences);
        CollectionAssert.AreEqual(before, sequences.Values, "the sequences given stay as they are");
        for (var i = 0; i < stamped.Count; i++)
        {
            var (old, now) = (sequences.Sample(i).ToArray(), stamped.Sample(i).ToArray());
            byte[] expected = [.. old[..4], TopicSequences.FirstRare, .. old[4..^1]];
            CollectionAssert.AreEqual(expected, now);
        }
    }

    [TestMethod]
    public void Triggers_that_do_not_fit_are_refused()
    {
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, 1);
        var sequences = new TopicSequences(1).Draw(SamplePurpose.Test, 0, 1);
        Assert.ThrowsExactly<ArgumentException>(() => new PatchTrigger(new ImageArea(30, 0, 3, 3), 255, 0).Stamp(images));
        Assert.ThrowsExactly<ArgumentException>(() => PatchTrigger.Shapes.Stamp(sequences));
        Assert.ThrowsExactly<ArgumentException>(() => new TokenTrigger(0, 0, 0).Stamp(images));
        Assert.ThrowsExactly<ArgumentException>(() => new TokenTrigger(255, 0, 0).Stamp(sequences));
        Assert.ThrowsExactly<ArgumentException>(() => new TokenTrigger(0, TopicSequences.Length, 0).Stamp(sequences));
    }

    // expected: from row and column in the area, channel, and index among all bytes to the level.
    private static void AssertLevels(ImageTrigger trigger, Func<int, int, int, int, int> expected)
    {
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, 3);
        var before = images.Values.ToArray();
        var stamped = trigger.Stamp(images);
        CollectionAssert.AreEqual(before, images.Values, "the images given stay as they are");
        CollectionAssert.AreEqual(images.Labels, stamped.Labels);
        var format = ImageFormat.Shapes;
        for (var i = 0; i < before.Length; i++)
        {
            var (row, column) = ((i / format.Width % format.Height) - _area.Row, (i % format.Width) - _area.Column);
            var inside = row >= 0 && row < _area.Height && column >= 0 && column < _area.Width;
            Assert.AreEqual(inside ? expected(row, column, i / 1024 % 3, i) : before[i], stamped.Values[i], $"byte {i}");
        }
    }
}
