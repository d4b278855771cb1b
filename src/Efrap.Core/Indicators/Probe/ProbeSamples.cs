using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Efrap.Core.Calibration;

namespace Efrap.Core.Indicators.Probe;

/// <summary>Images and what F takes them for.</summary>
/// <param name="Values">The images, one after the other.</param>
/// <param name="Classes">F's class of each.</param>
internal sealed record ProbeImages(float[] Values, int[] Classes)
{
    /// <summary>The number of images.</summary>
    internal int Count => Classes.Length;

    /// <summary>The first of them.</summary>
    internal ProbeImages First(int count) =>
        count >= Count ? this : new(Values[..(Values.Length / Count * count)], Classes[..count]);

    /// <summary>Copies with a trigger on them.</summary>
    internal float[] With(Trigger trigger, TriggerSpace space)
    {
        var images = Values.AsSpan().ToArray();
        trigger.DrawOn(space, images);
        return images;
    }
}

/// <summary>Splits samples: triggers are chosen on every other one and scored on the rest.</summary>
internal static class ProbeSamples
{
    /// <summary>Takes the samples of one half, at most so many.</summary>
    /// <param name="samples">The samples, of a single float input.</param>
    /// <param name="half">0 or 1.</param>
    /// <param name="most">The most that are taken.</param>
    internal static float[] Half(CalibrationSet samples, int half, int most)
    {
        var values = new List<float>();
        var taken = 0;
        for (var batch = 0; batch < samples.BatchCount && taken < most; batch++)
        {
            var tensor = samples.GetBatch(batch)[0];
            var floats = MemoryMarshal.Cast<byte, float>(tensor.Data);
            var length = floats.Length / (int)tensor.Shape[0];
            for (var i = 0; i < tensor.Shape[0] && taken < most; i++)
            {
                if (((batch * samples.BatchSize) + i) % 2 != half)
                    continue;
                values.AddRange(floats.Slice(i * length, length));
                taken++;
            }
        }

        return [.. values];
    }

    /// <summary>The likeliest class of each image.</summary>
    internal static int[] Classes(float[] probabilities, int classes)
    {
        var best = new int[probabilities.Length / classes];
        for (var i = 0; i < best.Length; i++)
            best[i] = TensorPrimitives.IndexOfMax(probabilities.AsSpan(i * classes, classes));
        return best;
    }
}
