using System.Text.Json;

namespace Efrap.Build.Tests.Shim;

/// <summary>
/// A worker for tests of the shim: this assembly, started in the worker's place. The model's precision says how it behaves,
/// since the shim hands that setting on as it is.
/// </summary>
internal static class FakeWorker
{
    /// <summary>Plays the worker.</summary>
    /// <param name="arguments"><c>worker @request.json</c>.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments)
    {
        if (arguments is not ["worker", ['@', .. var path]])
            return 64;
        using var request = JsonDocument.Parse(File.ReadAllText(path));
        var model = request.RootElement.GetProperty("models")[0];
        var id = model.GetProperty("id").GetString()!;
        switch ((model.TryGetProperty("precision", out var precision) ? precision : model.GetProperty("action")).GetString())
        {
            case "crash":
                Say(new { type = "progress", id, step = "layer", layer = "conv1", done = 1, count = 2 });
                Console.Error.WriteLine("Unhandled exception: something broke");
                Console.Error.WriteLine("   at Somewhere()");
                return 134;
            case "garbage":
                Console.WriteLine("native library says hello");
                Say(new { type = "result", id, output = "o", sha256 = "0", layers = 1, skipped = 0 });
                return 0;
            case "silence":
                return 0;
            case "hang":
                File.WriteAllText(path + ".pid", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
                Thread.Sleep(Timeout.Infinite);
                return 0;
            case "interrupted":
                Say(new { type = "message", severity = "error", code = "EFRAP0004", text = "cancelled; nothing was written.", id });
                return 130;
            case "no-runtime":
                Console.Error.WriteLine("You must install or update .NET to run this application.");
                return 150;
            case "nothing-to-quantize":
                Say(new { type = "message", severity = "error", code = "EFRAP2001", text = "no layer can be quantized.", file = "/m.onnx", id });
                return 3;
            case "refusal":
                Say(new { type = "message", severity = "error", code = "EFRAP0003", text = "no such setting.", file = "/request.json" });
                return 2;
            case "audit":
                Say(new { type = "audited", id, verdict = "warn" });
                return 0;
            case "only-audited":
                Say(new { type = "audited", id, verdict = "pass" });
                return 0;
            case "gate":
                Say(new { type = "audited", id, verdict = "fail", page = "/m.audit.html" });
                Say(new { type = "message", severity = "error", code = "EFRAP3107", text = "trigger-probe is 0.9.", file = "/m.onnx", line = 3, id });
                Say(new { type = "message", severity = "error", code = "EFRAP3101", text = "lattice-residual is 0.7.", file = "/m.onnx", id });
                return 1;
            case "wrong-setting":
                Say(new { type = "message", severity = "error", code = "EFRAP0003", text = "precision must be one of int8.", id });
                return 2;
            default:
                Say(new { type = "progress", id, step = "layer", layer = "conv1", done = 1, count = 2 });
                Say(new { type = "message", severity = "info", text = "Größe: 3 {0}", id });
                Say(new { type = "message", severity = "warning", code = "EFRAP2003", text = "über dem Budget {0}", file = "/ä/m.onnx", id });
                Console.Error.WriteLine("a library's remark");
                Say(new { type = "result", id, output = "/out/m.onnx", sha256 = "0", layers = 2, skipped = 1, unknown = new { later = 1 } });
                return 0;
        }
    }

    private static void Say(object message) => Console.WriteLine(JsonSerializer.Serialize(message));
}
