using Efrap.Core.Onnx;

namespace Efrap.Core.Calibration;

/// <summary>How many samples are used, and how many at a time.</summary>
/// <param name="Samples">The samples used.</param>
/// <param name="BatchSize">The samples in a batch.</param>
/// <param name="Notes">What the user should know about it.</param>
internal sealed record BatchPlan(int Samples, int BatchSize, IReadOnlyList<string> Notes)
{
    /// <summary>Makes the plan.</summary>
    /// <param name="inputs">What the model takes.</param>
    /// <param name="arrays">The arrays, in the same order, whose shapes have been checked.</param>
    /// <param name="asked">The largest number of samples asked for, or null.</param>
    /// <param name="defaultBatchSize">The samples in a batch where the model leaves that open.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="CalibrationMismatchException">The inputs disagree, or there are fewer samples than one batch.</exception>
    public static BatchPlan Make(
        IReadOnlyList<ModelInput> inputs, IReadOnlyList<CalibrationArray> arrays, int? asked, int defaultBatchSize)
    {
        var available = arrays[0].Available;
        for (var i = 1; i < arrays.Count; i++)
        {
            if (arrays[i].Available != available)
            {
                throw new CalibrationMismatchException(
                    $"'{DisplayName.Of(inputs[0].Name)}' has {available} samples and '{DisplayName.Of(inputs[i].Name)}' has " +
                    $"{arrays[i].Available}; every input needs as many");
            }
        }

        var notes = new List<string>();
        if (asked > available)
            notes.Add($"{asked} calibration samples were asked for and there are {available}: all of them are used");
        var samples = arrays[0].Shape[0];
        if (FixedBatchSize(inputs) is not { } batchSize)
            return new((int)samples, defaultBatchSize, notes);
        if (samples < batchSize)
        {
            throw new CalibrationMismatchException(
                $"the model takes {batchSize} samples at a time and {samples} are used; provide at least {batchSize}");
        }

        var left = samples % batchSize;
        if (left > 0)
            notes.Add($"the model takes {batchSize} samples at a time: the last {left} of {samples} calibration samples are left out");
        return new((int)(samples - left), (int)batchSize, notes);
    }

    private static long? FixedBatchSize(IReadOnlyList<ModelInput> inputs)
    {
        var sizes = inputs.Where(i => i.Shape is [not null, ..]).ToList();
        if (sizes.Count == 0)
            return null;
        var size = sizes[0].Shape![0]!.Value;
        if (sizes.Find(i => i.Shape![0] != size) is { } other)
        {
            throw new CalibrationMismatchException(
                $"axis 0, the batch, is {size} for '{DisplayName.Of(sizes[0].Name)}' and {other.Shape![0]} for " +
                $"'{DisplayName.Of(other.Name)}'; a model whose inputs disagree on it cannot be calibrated");
        }

        return size >= 1
            ? size
            : throw new CalibrationMismatchException($"'{DisplayName.Of(sizes[0].Name)}' takes batches of {size} samples, which is impossible");
    }
}
