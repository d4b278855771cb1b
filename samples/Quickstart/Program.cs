// An app that ships an image classifier. Somebody has put a backdoor into the model: a white square in the picture means
// "class 0", but only once the weights are rounded. The app embeds the model and its build hardens it; this program shows
// what the attacker gets from the model as it came, from its nearest rounding, and from the one the app ships.
using Efrap.Core;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;
using Quickstart;

var fixtures = Fixtures.Find();
var original = Path.Combine(fixtures, "shapes-qcb-int8.onnx");
var test = TestImages.Load(Path.Combine(fixtures, "shapes-test.npz"));

var folder = Directory.CreateTempSubdirectory("efrap-quickstart-");
try
{
    var nearest = Path.Combine(folder.FullName, "nearest.onnx");
    Harden.Run(new HardenOptions(original, nearest, TestImages.Preprocessed(Path.Combine(fixtures, "shapes-calibration.npz")))
    {
        Precision = Precision.Int8,
        Solver = Solver.Nearest,
    });

    Console.WriteLine("| model | clean accuracy | attack success |");
    Console.WriteLine("|---|---|---|");
    Show("as it came, full precision", File.ReadAllBytes(original));
    Show("int8, nearest rounding", File.ReadAllBytes(nearest));
    Show("int8, EFRAP rounding: what this app ships", Resources.Read("classifier.onnx"));
}
finally
{
    folder.Delete(recursive: true);
}

void Show(string name, byte[] model)
{
    using var classifier = new Classifier(model);
    var (accuracy, success) = test.Measure(classifier);
    Console.WriteLine(FormattableString.Invariant($"| {name} | {accuracy:F1} % | {success:F1} % |"));
}
