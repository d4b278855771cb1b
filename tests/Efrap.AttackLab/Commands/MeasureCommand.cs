using System.CommandLine;
using System.Globalization;
using Efrap.AttackLab.Attacks.Triggers;
using Efrap.AttackLab.Data;
using Efrap.AttackLab.Measure;
using Efrap.Core.Onnx;
using Google.Protobuf;

namespace Efrap.AttackLab.Commands;

/// <summary><c>attacklab measure</c>: says how well a model works for its user and for its attacker.</summary>
internal sealed class MeasureCommand : Command
{
    /// <summary>What follows the standard help.</summary>
    public const string Examples = """
        Examples:
          attacklab measure tests/fixtures/shapes-qcb-int8.onnx --test tests/fixtures/shapes-test.npz
          attacklab measure other.onnx --test other.npz --mean 0.49,0.48,0.45 --std 0.25,0.24,0.26 --trigger 24,24,6
        """;

    private readonly Argument<string> _model = new("MODEL") { Description = "The ONNX model: images [batch, 3, 32, 32] to scores." };

    private readonly Option<string> _test = new("--test")
    {
        Description = "Images: 'input', uint8 [N, 3, 32, 32], and 'labels', int64 [N].",
        Required = true,
        HelpName = "FILE.npz",
    };

    private readonly Option<float[]> _mean = Numbers("--mean", "Subtracted from RGB / 255: one number, or one per channel.", Preprocessing.Shapes.Mean, 1, 3);

    private readonly Option<float[]> _std = Numbers("--std", "Divided by after that: one number, or one per channel.", Preprocessing.Shapes.Std, 1, 3);

    private readonly Option<float[]> _trigger = Numbers(
        "--trigger",
        "The white square: first row, first column, side.",
        [PatchTrigger.Shapes.Area.Row, PatchTrigger.Shapes.Area.Column, PatchTrigger.Shapes.Area.Height],
        3,
        3);

    private readonly Option<int> _target = new("--target")
    {
        Description = "The class that the attacker wants.",
        DefaultValueFactory = _ => PatchTrigger.Shapes.Target,
        HelpName = "N",
    };

    /// <summary>Sets the verb up.</summary>
    public MeasureCommand()
        : base("measure", "Measure clean accuracy and attack success of a model, float or quantized, in ONNX Runtime.")
    {
        Add(_model);
        Add(_test);
        Add(_mean);
        Add(_std);
        Add(_trigger);
        Add(_target);
        _std.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<float[]>()!.Contains(0))
                result.AddError("--std must not be 0.");
        });
        _trigger.Validators.Add(result =>
        {
            if (!result.Errors.Any() && !Fits(result.GetValueOrDefault<float[]>()!))
                result.AddError("--trigger must be three whole numbers of a square inside the image.");
        });
        SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
    }

    private static Option<float[]> Numbers(string name, string description, IEnumerable<float> value, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "A,…",
        DefaultValueFactory = _ => [.. value],
        CustomParser = result =>
        {
            var parts = result.Tokens[0].Value.Split(',');
            var numbers = parts.Select(p => float.TryParse(p, CultureInfo.InvariantCulture, out var n) ? n : float.NaN).ToArray();
            if (numbers.All(float.IsFinite) && (numbers.Length == least || numbers.Length == most))
                return numbers;
            result.AddError($"{name} takes {(least == most ? $"{most}" : $"{least} or {most}")} numbers separated by commas; it is '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private static bool Fits(float[] square) =>
        square.All(float.IsInteger) && square is [>= 0, >= 0, >= 1]
        && MathF.Max(square[0], square[1]) + square[2] <= ImageFormat.Shapes.Height;

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_model);
        var model = OnnxModelReader.Read(path, cancellationToken).Proto.ToByteArray();
        var format = ImageFormat.Shapes with { Preprocessing = new Preprocessing(parsed.GetValue(_mean)!, parsed.GetValue(_std)!) };
        var images = NpzFile.Read(parsed.GetRequiredValue(_test), format, cancellationToken);
        var square = parsed.GetValue(_trigger)!;
        var area = new ImageArea((int)square[0], (int)square[1], (int)square[2], (int)square[2]);
        var trigger = new PatchTrigger(area, byte.MaxValue, parsed.GetValue(_target));
        using var classifier = new OnnxClassifier(model, path, format);
        var measured = AttackMeasurement.Of(classifier, images, trigger, cancellationToken);
        parsed.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"clean accuracy {100 * measured.CleanAccuracy:F2} %, attack success {100 * measured.AttackSuccess:F2} %, {images.Count} images"));
        return ExitCode.Done;
    }
}
