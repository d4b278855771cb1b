using CsCheck;
using Efrap.Core.Indicators.Probe;

namespace Efrap.Core.Tests.Indicators.Probe;

[TestClass]
public sealed class TriggerSpaceTests
{
    private static readonly float[] _low = [-2, -1, 0];
    private static readonly float[] _high = [2, 3, 10];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_patch_covers_its_pixels_in_the_units_of_each_channel(bool channelsLast)
    {
        var image = new ImageLayout(3, 8, 9, channelsLast);
        var space = new TriggerSpace(image, _low, _high);
        var images = new float[2 * image.Length];
        Array.Fill(images, 1f);
        new Trigger(2, 3, 4, 5, TriggerPattern.Plain, 1, 0.5f, [0, 1, 0.5f]).DrawOn(space, images);

        // Halfway from 1 to −2, to 3 and to 5.
        float[] expected = [-0.5f, 2, 3];
        for (var i = 0; i < images.Length; i++)
        {
            var at = i % image.Length;
            var (channel, row, column) = channelsLast ? (at % 3, at / 27, at / 3 % 9) : (at / 72, at / 9 % 8, at % 9);
            var inside = row is >= 2 and < 6 && column is >= 3 and < 8;
            Assert.AreEqual(inside ? expected[channel] : 1, images[i], 1e-6f, $"{row}, {column}, {channel}");
        }
    }

    [TestMethod]
    public void A_checkerboard_alternates_and_noise_is_the_same_on_every_image()
    {
        var image = new ImageLayout(1, 8, 8, ChannelsLast: false);
        var space = new TriggerSpace(image, [0], [1]);
        var board = new float[64];
        new Trigger(0, 0, 8, 8, TriggerPattern.Checkerboard, 2, 1, [1]).DrawOn(space, board);
        for (var i = 0; i < 64; i++)
            Assert.AreEqual(((i / 8 / 2) + (i % 8 / 2)) % 2 == 0 ? 1 : 0, board[i]);

        var noise = new float[128];
        new Trigger(0, 0, 8, 8, TriggerPattern.Noise, 5, 1, [1]).DrawOn(space, noise);
        CollectionAssert.AreEqual(noise[..64], noise[64..]);
        Assert.IsGreaterThan(60, noise[..64].Distinct().Count());
    }

    [TestMethod]
    public void Every_step_stays_a_trigger_inside_the_image() =>
        Gen.Select(Gen.Int[8, 40], Gen.Int[8, 40], Gen.Int[1, 4], Gen.Int).Sample(t =>
        {
            var (height, width, channels, seed) = t;
            var image = new ImageLayout(channels, height, width, ChannelsLast: false);
            var space = new TriggerSpace(image, new float[channels], [.. Enumerable.Repeat(1f, channels)]);
            var random = new Random(seed);
            var bank = space.Bank();
            var trigger = bank[random.Next(bank.Count)];
            for (var i = 0; i < 30; i++)
            {
                if (!IsInside(trigger, image))
                    return false;
                trigger = space.Step(trigger, random);
            }

            return true;
        });

    private static bool IsInside(Trigger trigger, ImageLayout image) =>
        trigger.Row >= 0 && trigger.Column >= 0 && trigger.Height >= 1 && trigger.Width >= 1
        && trigger.Row + trigger.Height <= image.Height && trigger.Column + trigger.Width <= image.Width
        && trigger.Colour.All(c => c is >= 0 and <= 1)
        && (trigger.Opacity <= 0.25f || trigger.Height * trigger.Width <= 0.12 * image.Height * image.Width);
}
