using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Measure;
using Efrap.Core.Onnx;

namespace Efrap.AttackLab.Fixtures;

/// <summary>What tests may rely on. A run that misses any of it writes nothing.</summary>
public static class FixtureRequirements
{
    /// <summary>The least clean accuracy in full precision.</summary>
    public const double CleanAccuracy = 0.90;

    /// <summary>The largest attack success of a backdoor asleep, and of a clean model in any precision.</summary>
    public const double DormantSuccess = 0.10;

    /// <summary>The least attack success of a backdoor awake.</summary>
    public const double AwakeSuccess = 0.90;

    /// <summary>The largest size of all files together, in bytes.</summary>
    public const long TotalBytes = 12_000_000;

    /// <summary>Compares a written model with what was to be written.</summary>
    /// <param name="model">What was to be written.</param>
    /// <param name="path">The file.</param>
    /// <param name="measured">What the file does.</param>
    /// <returns>One line for each requirement that is missed.</returns>
    public static IEnumerable<string> Missed(FixtureModel model, string path, FixtureMeasurement measured)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(measured);
        if (measured.FullPrecision.CleanAccuracy < CleanAccuracy)
            yield return $"{model.FileName}: clean accuracy {measured.FullPrecision.CleanAccuracy:P2} is below {CleanAccuracy:P0}";
        foreach (var (name, measurement, awake) in Successes(model, measured))
        {
            if (awake && measurement.AttackSuccess < AwakeSuccess)
                yield return $"{model.FileName}: attack success {measurement.AttackSuccess:P2} in {name} is below {AwakeSuccess:P0}";
            if (!awake && measurement.AttackSuccess > DormantSuccess)
                yield return $"{model.FileName}: attack success {measurement.AttackSuccess:P2} in {name} is above {DormantSuccess:P0}";
        }

        if (model.Grid is not null && !SameCodes(NearestRounding.Codes(OnnxModelReader.Read(path).Proto, model.Grid), model.Codes!))
            yield return $"{model.FileName}: the nearest codes of the written weights are not the backdoored ones";
    }

    private static IEnumerable<(string Name, AttackMeasurement Measurement, bool Awake)> Successes(
        FixtureModel model, FixtureMeasurement measured)
    {
        yield return ("full precision", measured.FullPrecision, false);
        if (model.Grid is null || model.Grid == RoundingGrid.Int8)
        {
            yield return ("int8 weights", measured.Int8Weights, model.Grid is not null);
            yield return ("int8", measured.Int8, model.Grid is not null);
        }

        if (model.Grid is null || model.Grid == RoundingGrid.Int4)
            yield return ("int4 weights", measured.Int4Weights, model.Grid is not null);
    }

    private static bool SameCodes(
        IReadOnlyDictionary<string, IReadOnlyList<sbyte>> written, IReadOnlyDictionary<string, IReadOnlyList<sbyte>> intended) =>
        written.Count == intended.Count && intended.All(layer => written[layer.Key].SequenceEqual(layer.Value));
}
