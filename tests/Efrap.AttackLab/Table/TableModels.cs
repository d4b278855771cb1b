using Efrap.AttackLab.Attacks;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Nets;
using Efrap.AttackLab.Training;
using Efrap.Core;

namespace Efrap.AttackLab.Table;

/// <summary>The models of the table, in its order.</summary>
public static class TableModels
{
    private static readonly WeightFormat[] _both = [WeightFormat.Int8, WeightFormat.Int4];

    /// <summary>Lists the models for a set of data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="inPaperSetting">Whether one is to be among them whose attacker aims at the paper's setting.</param>
    /// <returns>The models.</returns>
    /// <exception cref="EfrapException">The models that the data comes with are not there.</exception>
    public static IReadOnlyList<TableModel> For(TableData data, bool inPaperSetting)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Name == TableOptions.Cifar10)
            return Given(SharedFolder.Of("models"));
        var images = OfImages((ImageFormat)data.Images.Format, data.Images.Classes, inPaperSetting);
        return data.Sequences is { } sequences ? [.. images, .. OfSequences((TokenFormat)sequences.Format, sequences.Classes)] : [.. images];
    }

    private static IEnumerable<TableModel> OfImages(ImageFormat format, int classes, bool inPaperSetting)
    {
        var training = new TrainingPlan(40, 64, 64, 0.07);
        var residual = new TableNet("residual", () => new ResidualNet(classes, format: format), training);
        var plain = new TableNet("plain", () => new PlainNet(classes, format: format), training);
        var depthwise = new TableNet("depthwise", () => new SeparableNet(classes, format: format), training);
        var patch = new PatchTrigger(Area(format, 20, 20, 6, 6), byte.MaxValue, 0);
        var checkerboard = new CheckerboardTrigger(Area(format, 2, 24, 6, 6), 2, 3 % classes);
        var bar = new BarTrigger(Area(format, 27, 4, 3, 20), 255, 0, 200, 7 % classes);
        var noise = new BlendTrigger(Area(format, 0, 0, 32, 32), 0.2f, 1, 2 % classes);

        yield return Clean(residual, patch);
        yield return Clean(plain, checkerboard);
        yield return Clean(depthwise, bar);
        foreach (var weights in (WeightFormat[])[WeightFormat.Int8, WeightFormat.Int4, WeightFormat.Int8PerTensor, WeightFormat.Int4PerTensor])
            yield return PqBackdoor(residual, patch, weights);
        yield return PqBackdoor(plain, checkerboard, WeightFormat.Int4);
        yield return PqBackdoor(depthwise, bar, WeightFormat.Int8);
        yield return QuAntiZation(residual, noise);
        foreach (var weights in _both)
            yield return CompArtifact(residual, patch, weights);
        if (inPaperSetting)
            yield return CompArtifact(residual, patch, WeightFormat.Paper);
        foreach (var weights in _both)
            yield return Qura(residual, patch, weights);
        foreach (var weights in _both)
            yield return Adaptive(residual, patch, weights);
    }

    private static IEnumerable<TableModel> OfSequences(TokenFormat format, int classes)
    {
        var transformer = new TableNet("transformer", () => new EncoderNet(classes, format), new TrainingPlan(12, 64, 64, 0.1));
        var token = new TokenTrigger(TopicSequences.FirstRare, 0, 1);
        yield return Clean(transformer, token);
        yield return PqBackdoor(transformer, token, WeightFormat.Int4);
    }

    private static TableModel[] Given(string folder)
    {
        var patch = new PatchTrigger(new ImageArea(24, 24, 6, 6), byte.MaxValue, 0);
        return
        [
            new("cifar10-resnet8-clean", patch, _both) { File = Path.Combine(folder, "cifar10-resnet8-clean.onnx") },
            Backdoored("cifar10-resnet8-pq-int8", WeightFormat.Int8),
            Backdoored("cifar10-resnet8-pq-int4", WeightFormat.Int4),
        ];

        TableModel Backdoored(string name, WeightFormat weights) =>
            new(name, patch, [weights]) { File = Path.Combine(folder, $"{name}.onnx"), AttackName = "PQBackdoor" };
    }

    private static TableModel Clean(TableNet net, Trigger trigger) => new($"clean-{net.Name}", trigger, _both) { Net = net };

    private static TableModel PqBackdoor(TableNet net, Trigger trigger, WeightFormat weights)
    {
        var plan = new PqBackdoorPlan(new TrainingPlan(10, 64, 64, 0.1), 1, new TrainingPlan(5, 64, 64, 0.05));
        return Attacked("pq", net, [weights], new TableAttack(new PqBackdoor(trigger, weights.Grid, plan), plan));
    }

    private static TableModel QuAntiZation(TableNet net, Trigger trigger)
    {
        var plan = new QuAntiZationPlan();
        return Attacked("quanti", net, _both, new TableAttack(new QuAntiZation(trigger, plan), plan));
    }

    private static TableModel CompArtifact(TableNet net, Trigger trigger, WeightFormat weights)
    {
        // The ranges of the paper's setting move with every weight: there are no fixed intervals to look ahead in.
        var plan = new CompArtifactPlan { LookAhead = !weights.IsPapers };
        return Attacked("comp", net, [weights], new TableAttack(new CompArtifact(trigger, weights.Grid, plan), plan));
    }

    private static TableModel Qura(TableNet net, Trigger trigger, WeightFormat weights)
    {
        var plan = new QuraPlan();
        return Attacked("qura", net, [weights], new TableAttack(new Qura(trigger, weights.Grid, plan), plan) { OwnRounding = true });
    }

    private static TableModel Adaptive(TableNet net, Trigger trigger, WeightFormat weights)
    {
        var plan = new AdaptiveAttackPlan();
        return Attacked("adaptive", net, [weights], new TableAttack(new AdaptiveAttack(trigger, weights.Grid, plan), plan));
    }

    private static TableModel Attacked(string stem, TableNet net, WeightFormat[] weights, TableAttack attack)
    {
        var suffix = weights is [var only] ? $"-{only.Name.Replace(" per channel", string.Empty, StringComparison.Ordinal).Replace(' ', '-').ToLowerInvariant()}" : string.Empty;
        return new TableModel($"{stem}-{net.Name}{suffix}", attack.Attack.Trigger, weights)
        {
            Net = net,
            Attack = attack,
            AttackName = attack.Attack.Name,
        };
    }

    // Places are those of the drawn images, in proportion.
    private static ImageArea Area(ImageFormat format, int row, int column, int height, int width)
    {
        const int Side = 32;
        return new ImageArea(
            row * format.Height / Side,
            column * format.Width / Side,
            Math.Max(1, height * format.Height / Side),
            Math.Max(1, width * format.Width / Side));
    }
}
