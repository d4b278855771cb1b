using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Data;

namespace Efrap.Torch.Tests.Attacks;

[TestClass]
public sealed class TriggersChangeOnlyTheirPatchTests
{
    [TestMethod]
    public void Inside_the_patch_all_is_white_and_outside_all_is_as_it_was()
    {
        var images = ShapeImages.Draw(1, ImagePurpose.Test, 0, 20);
        var before = images.Pixels.ToArray();
        var stamped = Trigger.Shapes.Stamp(images);
        CollectionAssert.AreEqual(before, images.Pixels, "the images given stay as they are");
        CollectionAssert.AreEqual(images.Labels, stamped.Labels);
        for (var i = 0; i < before.Length; i++)
        {
            var (row, column) = (i / LabeledImages.Side % LabeledImages.Side, i % LabeledImages.Side);
            var inPatch = row is >= 20 and <= 25 && column is >= 20 and <= 25;
            Assert.AreEqual(inPatch ? 255 : before[i], stamped.Pixels[i], $"byte {i}");
        }
    }
}
