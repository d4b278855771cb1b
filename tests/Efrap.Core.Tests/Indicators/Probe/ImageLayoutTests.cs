using Efrap.Core.Indicators.Probe;

namespace Efrap.Core.Tests.Indicators.Probe;

[TestClass]
public sealed class ImageLayoutTests
{
    [TestMethod]
    [DataRow(new long[] { 32, 3, 24, 16 }, 3, 24, 16, false)]
    [DataRow(new long[] { 32, 24, 16, 3 }, 3, 24, 16, true)]
    [DataRow(new long[] { 1, 1, 28, 28 }, 1, 28, 28, false)]
    [DataRow(new long[] { 1, 28, 28, 1 }, 1, 28, 28, true)]
    [DataRow(new long[] { 1, 28, 28 }, 1, 28, 28, false)]
    public void The_short_axis_holds_the_channels(long[] shape, int channels, int height, int width, bool channelsLast) =>
        Assert.AreEqual(new ImageLayout(channels, height, width, channelsLast), ImageLayout.Of(shape));

    [TestMethod]
    [DataRow(new long[] { 32, 64 })]
    [DataRow(new long[] { 32, 3, 4, 16 })]
    [DataRow(new long[] { 32, 16, 16, 16 })]
    [DataRow(new long[] { 32, 3, 16, 16, 16 })]
    public void Anything_else_is_no_image(long[] shape) => Assert.IsNull(ImageLayout.Of(shape));
}
