using Efrap.Core.Onnx;

namespace Efrap.Core.Calibration;

/// <summary>Compares arrays with the inputs they are for.</summary>
internal static class ArrayShapes
{
    /// <summary>Checks types, shapes and preprocessing of all inputs.</summary>
    /// <param name="inputs">What the model takes.</param>
    /// <param name="arrays">The arrays, in the same order.</param>
    /// <param name="preprocessing">What is done to float inputs.</param>
    /// <exception cref="CalibrationMismatchException">Something does not fit; the text says what to do.</exception>
    public static void Check(IReadOnlyList<ModelInput> inputs, IReadOnlyList<CalibrationArray> arrays, Preprocessing preprocessing)
    {
        if (inputs.Count == 0)
            throw new CalibrationMismatchException("the model has no inputs, so there is nothing to calibrate it with");
        for (var i = 0; i < inputs.Count; i++)
            Check(inputs[i], arrays[i]);
        if (!preprocessing.IsNone && !inputs.Any(i => ElementType.IsFloat(i.ElementType)))
        {
            throw new CalibrationMismatchException(
                "calibration scale, mean and std are for float inputs, and the model has none; leave them out");
        }

        for (var i = 0; i < inputs.Count; i++)
        {
            if (ElementType.IsFloat(inputs[i].ElementType) && preprocessing.Fault(ChannelsOf(arrays[i])) is { } fault)
                throw new CalibrationMismatchException($"{fault} of '{DisplayName.Of(inputs[i].Name)}'");
        }
    }

    private static long ChannelsOf(CalibrationArray array) => array.Shape.Count > 1 ? array.Shape[1] : 1;

    private static void Check(ModelInput input, CalibrationArray array)
    {
        if (Advice(input, array) is { } advice)
        {
            throw new CalibrationMismatchException(
                $"'{DisplayName.Of(input.Name)}' wants {ShapeOf(input)} of {ElementType.Name(input.ElementType)}, calibration has " +
                $"{TensorValidation.Shape(array.Shape)} of {ElementType.Name(array.ElementType)}: {advice}");
        }
    }

    private static string? Advice(ModelInput input, CalibrationArray array)
    {
        var wanted = input.Shape;
        var given = array.Shape;
        if (wanted is { Count: 0 })
            return "an input without a batch axis cannot be calibrated";
        if (given.Count == 0)
            return "a single number is no list of samples";
        if (given[0] == 0)
            return "there are no samples";
        if (wanted is null ? given.Any(d => d < 1) : !Fits(wanted, given))
        {
            return wanted is not { } w ? "a size is zero"
                : IsChannelsLast(w, given) ? "channels-last data must be transposed"
                : given.Count == w.Count - 1 && Fits(w.Skip(1), given) ? "the batch axis is missing, one sample has to be a list of one"
                : "save the samples in the shape that the model takes";
        }

        return SampleConverter.CanConvert(array.ElementType, input.ElementType) ? null
            : ElementType.IsInteger(input.ElementType) && ElementType.Bits(input.ElementType) >= 8 ? "save the samples as integers"
            : "an input of this type cannot be calibrated";
    }

    // Axis 0 of an array counts all samples, so only the others are compared.
    private static bool Fits(IReadOnlyList<long?> wanted, IReadOnlyList<long> given) =>
        given.Count == wanted.Count && Fits(wanted.Skip(1), given.Skip(1));

    private static bool Fits(IEnumerable<long?> wanted, IEnumerable<long> given) =>
        wanted.Zip(given).All(pair => pair.Second >= 1 && (pair.First is null || pair.First == pair.Second));

    private static bool IsChannelsLast(IReadOnlyList<long?> wanted, IReadOnlyList<long> given) =>
        given.Count == wanted.Count && given.Count > 2 && Fits(wanted, [given[0], given[^1], .. given.Skip(1).SkipLast(1)]);

    private static string ShapeOf(ModelInput input) => input.Shape is null
        ? "any shape"
        : $"[{string.Join(',', input.Shape.Select((size, axis) => size?.ToString() ?? (axis == 0 ? "batch" : "?")))}]";
}
