using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;

namespace Efrap.Torch.Tests.Attacks;

[TestClass]
public sealed class TriggersChangeOnlyTheirPatchTests
{
    [TestMethod]
    public void Inside_the_patch_all_is_white_and_outside_all_is_as_it_was()
    {
        var images = new ShapeImages(1).Draw(SamplePurpose.Test, 0, 20);
        var before = images.Values.ToArray();
        var stamped = PatchTrigger.Shapes.Stamp(images);
        CollectionAssert.AreEqual(before, images.Values, "the images given stay as they are");
        CollectionAssert.AreEqual(images.Labels, stamped.Labels);
        for (var i = 0; i < before.Length; i++)
        {
            var (row, column) = (i / ImageFormat.Shapes.Width % ImageFormat.Shapes.Width, i % ImageFormat.Shapes.Width);
            var inPatch = row is >= 20 and <= 25 && column is >= 20 and <= 25;
            Assert.AreEqual(inPatch ? 255 : before[i], stamped.Values[i], $"byte {i}");
        }
    }
}
