using Efrap.AttackLab.Data;

namespace Efrap.Torch.Tests.Data;

[TestClass]
public sealed class ImagesDependOnTheSeedAloneTests
{
    [TestMethod]
    public void The_same_seed_draws_the_same_images_however_they_are_asked_for()
    {
        var all = new ShapeImages(7).Draw(SamplePurpose.Test, 0, 60);
        var tail = new ShapeImages(7).Draw(SamplePurpose.Test, 23, 37);
        CollectionAssert.AreEqual(all.Slice(23, 37).Values, tail.Values);
        CollectionAssert.AreEqual(all.Slice(23, 37).Labels, tail.Labels);
    }

    [TestMethod]
    public void No_image_comes_twice_in_any_stream_of_any_seed()
    {
        var seen = new HashSet<string>();
        foreach (var seed in (ulong[])[1, 2])
        {
            foreach (var purpose in Enum.GetValues<SamplePurpose>())
            {
                var images = new ShapeImages(seed).Draw(purpose, 0, 250);
                for (var i = 0; i < images.Count; i++)
                    Assert.IsTrue(seen.Add(Convert.ToBase64String(images.Sample(i))), $"image {i} for {purpose} of seed {seed}");
            }
        }
    }

    [TestMethod]
    public void Every_run_of_as_many_images_as_classes_shows_each_class_once()
    {
        var labels = new ShapeImages(1).Draw(SamplePurpose.Training, 3, ShapeGeometry.Count).Labels;
        CollectionAssert.AreEquivalent(Enumerable.Range(0, ShapeGeometry.Count).Select(i => (long)i).ToArray(), labels);
    }

    [TestMethod]
    public void No_two_shapes_have_the_same_outline()
    {
        var outlines = Enum.GetValues<Shape>().Select(shape => string.Concat(
            from y in Enumerable.Range(-10, 21)
            from x in Enumerable.Range(-10, 21)
            select ShapeGeometry.Contains(shape, x / 10f, y / 10f) ? '#' : '.'));
        CollectionAssert.AllItemsAreUnique(outlines.ToArray());
    }
}
