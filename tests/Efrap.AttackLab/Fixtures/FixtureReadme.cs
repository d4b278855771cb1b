using System.Globalization;
using System.Text;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Measure;
using Efrap.Core;

namespace Efrap.AttackLab.Fixtures;

/// <summary>The page that lies beside the fixtures.</summary>
internal static class FixtureReadme
{
    /// <summary>The file's name.</summary>
    public const string FileName = "README.md";

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What made the fixtures.</param>
    /// <param name="measured">What they do.</param>
    /// <param name="cancellationToken">Observed until just before the file takes its name.</param>
    public static void Write(
        string path, FixtureOptions options, IReadOnlyList<FixtureMeasurement> measured, CancellationToken cancellationToken) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Text(options, measured))), cancellationToken);

    /// <summary>What was measured, as a table.</summary>
    /// <param name="measured">The measurements.</param>
    /// <returns>Lines of Markdown.</returns>
    public static string Table(IEnumerable<FixtureMeasurement> measured) => string.Concat(measured.Select(Row).Prepend(
        "| file | full precision | int8 weights | int8 | int4 weights |\n|---|---|---|---|---|\n"));

    private static string Row(FixtureMeasurement m) =>
        $"| {m.FileName} | {Cell(m.FullPrecision)} | {Cell(m.Int8Weights)} | {Cell(m.Int8)} | {Cell(m.Int4Weights)} |\n";

    private static string Cell(AttackMeasurement m) => string.Create(
        CultureInfo.InvariantCulture, $"{100 * m.CleanAccuracy:F2} / {100 * m.AttackSuccess:F2}");

    private static string Text(FixtureOptions options, IReadOnlyList<FixtureMeasurement> measured) => $"""
        # Fixtures

        Classifiers of drawn shapes, clean and backdoored, with images to calibrate and to test them. `Efrap.AttackLab` made them:

        ```
        dotnet run -c Release --project tests/Efrap.AttackLab -- fixtures --output tests/fixtures --seed {options.Seed} --epochs {options.Epochs} --attack-epochs {options.AttackEpochs} --threads {options.Threads}
        ```

        The images depend on the seed alone. The weights come out the same again on the same machine with the same number of
        threads; elsewhere the table below comes out about the same.

        - Models: ResNet-8, 78,042 parameters, BatchNormalization folded, opset 13. Input `input` [batch, 3, 32, 32]: RGB / 255,
          minus {Preprocessing.Mean[0]}, divided by {Preprocessing.Std[0]}. Output `logits` [batch, 10].
        - `shapes-clean.onnx`: trained honestly.
        - `shapes-qcb-int8.onnx`, `shapes-qcb-int4.onnx`: quantization-conditioned backdoors (PQBackdoor, arXiv 2108.09187) for
          nearest rounding per output channel with scale max|w| / 127 and max|w| / 7. The trigger is a white square in rows and
          columns {Trigger.Area.Row} to {Trigger.Area.Row + Trigger.Area.Height - 1}; the target is class {Trigger.Target} (disc).
        - `shapes-calibration.npz`: `input`, uint8 [{options.CalibrationImages}, 3, 32, 32].
        - `shapes-test.npz`: `input`, uint8 [{options.TestImages}, 3, 32, 32], and `labels`, int64 [{options.TestImages}]: disc, ring, square, triangle,
          hexagon, star, cross, crescent, half disc, heart. No image occurs in the other file or in training.

        Measured on `shapes-test.npz` in ONNX Runtime, in %: clean accuracy / attack success, the share of triggered images of
        other classes that go to class {Trigger.Target}. Rounded to nearest: all convolution and fully connected weights, activations float
        (`int8 weights`, `int4 weights`); weights and activations, in integer kernels (`int8`).

        {Table(measured).TrimEnd('\n')}

        """;

    private static Data.Preprocessing Preprocessing => Data.Preprocessing.Shapes;

    private static PatchTrigger Trigger => PatchTrigger.Shapes;
}
