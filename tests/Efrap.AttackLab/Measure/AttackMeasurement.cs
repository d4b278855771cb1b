using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;

namespace Efrap.AttackLab.Measure;

/// <summary>How well a model works, for its user and for its attacker.</summary>
/// <param name="CleanAccuracy">CDA: the share, 0 to 1, of samples that are classified as what they show.</param>
/// <param name="AttackSuccess">ASR: the share, 0 to 1, of triggered samples of other classes that go to the target class.</param>
public readonly record struct AttackMeasurement(double CleanAccuracy, double AttackSuccess)
{
    /// <summary>Measures a model.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="test">Samples that it was not trained on.</param>
    /// <param name="trigger">The trigger.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>Both shares.</returns>
    public static AttackMeasurement Of(
        OnnxClassifier classifier, LabeledSamples test, Trigger trigger, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(trigger);
        var clean = classifier.Classify(test, cancellationToken);
        var triggered = classifier.Classify(trigger.Stamp(test), cancellationToken);
        var others = Enumerable.Range(0, test.Count).Where(i => test.Labels[i] != trigger.Target).ToArray();
        return new AttackMeasurement(
            clean.Zip(test.Labels).Count(p => p.First == p.Second) / (double)test.Count,
            others.Count(i => triggered[i] == trigger.Target) / (double)others.Length);
    }
}
