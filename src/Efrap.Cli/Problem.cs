using Efrap.Core;

namespace Efrap.Cli;

/// <summary>Finds the one line to say about an exception.</summary>
internal static class Problem
{
    /// <summary>Turns any exception into one with a code.</summary>
    /// <param name="e">What was thrown.</param>
    /// <returns>The exception itself if it has a code; otherwise one whose message says what its reader can do.</returns>
    public static EfrapException Of(Exception e) => e switch
    {
        EfrapException known => known,
        AggregateException { InnerExceptions.Count: > 0 } several => Of(several.InnerExceptions[0]),
        OperationCanceledException => new(EfrapCode.Cancelled, "cancelled; nothing was written.", null, e),
        _ when MissingLibrary(e) is { } library => new(
            EfrapCode.NativeLibraryMissing,
            $"the native ONNX Runtime cannot be loaded: {Reason(library)} "
            + "Efrap runs on linux-x64, linux-arm64, win-x64, win-arm64 and osx-arm64; reinstall it if a file is missing.",
            null,
            e),
        OutOfMemoryException => new(
            EfrapCode.ModelTooLarge,
            "memory ran out; use fewer calibration samples, or a machine with more memory.",
            null,
            e),
        _ => new(
            EfrapCode.Defect,
            $"unexpected {e.GetType().Name}: {e.Message} This is a defect of Efrap; "
            + "please report it with the stack trace that --verbose (or EFRAP_DEBUG=1) shows.",
            null,
            e),
    };

    // ONNX Runtime loads its library in a static constructor, so the first failure arrives wrapped, and so does every later one.
    private static Exception? MissingLibrary(Exception? e) => e switch
    {
        null => null,
        DllNotFoundException or EntryPointNotFoundException or BadImageFormatException => e,
        TypeInitializationException when e.InnerException is null => e,
        TypeInitializationException { TypeName: var type } => MissingLibrary(e.InnerException)
            ?? (type.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal) ? e.InnerException : null),
        _ => null,
    };

    // The runtime appends every path it has tried. Only a line about something else tells more: a library that ours needs.
    private static string Reason(Exception library)
    {
        var lines = library.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var needed = lines.Skip(1).Where(line => !Path.GetFileName(line.Split(':')[0]).Contains("onnxruntime", StringComparison.Ordinal));
        return string.Join(' ', needed.Distinct().Prepend(lines[0].Split(". ")[0].TrimEnd('.') + "."));
    }
}
