using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Efrap.Build.Tasks.Protocol;
using Efrap.Build.Tasks.Shipped;

namespace Efrap.Build.Tasks.Cache;

/// <summary>
/// What decides the result of a model's request: the bytes of everything that is read, every setting, the engine. Where files lie is no
/// part of it, but for what evidence names: file names, and the model's path below the repository.
/// </summary>
internal static class CacheKey
{
    // A new form of entries makes all older ones invisible.
    private const string Form = "efrap-build-cache 1";

    /// <summary>The key of a model.</summary>
    /// <param name="request">The request that it is part of.</param>
    /// <param name="model">The model.</param>
    /// <param name="engine">The digest of the engine, of <see cref="OfEngine"/>.</param>
    /// <returns>64 lower-case hexadecimal digits; null where a file cannot be read, which the worker has the words for.</returns>
    public static string? Of(WorkerRequest request, ModelRequest model, string engine)
    {
        try
        {
            var text = new StringBuilder();
            foreach (string part in Parts(request, model, engine))
                text.Append(part.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(part).Append('\n');
            return FileHash.Of(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The digest of the engine: of all assemblies beside the worker, and of what they run on.</summary>
    /// <param name="worker">The worker, <c>efrap.dll</c>.</param>
    /// <param name="host">The <c>dotnet</c> that runs it, or null: the runtimes beside it are part of the engine.</param>
    public static string OfEngine(string worker, string? host)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(worker))!;
        var text = new StringBuilder(RuntimeInformation.OSDescription.Split(' ')[0]).Append(' ').Append(RuntimeInformation.OSArchitecture).Append('\n');
        foreach (string file in Directory.GetFiles(folder, "*.dll").Concat(Directory.GetFiles(folder, "*.json")).OrderBy(Path.GetFileName, StringComparer.Ordinal))
            text.Append(Path.GetFileName(file)).Append(' ').Append(FileHash.Of(file)).Append('\n');
        string runtimes = Path.Combine(Path.GetDirectoryName(host ?? worker)!, "shared", "Microsoft.NETCore.App");
        if (Directory.Exists(runtimes))
            text.Append(string.Join(" ", Directory.GetDirectories(runtimes).Select(Path.GetFileName).OrderBy(name => name, StringComparer.Ordinal)));
        return FileHash.Of(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static IEnumerable<string> Parts(WorkerRequest request, ModelRequest model, string engine)
    {
        yield return Form;
        yield return engine;
        yield return request.Mode;
        yield return Text(request.ProbeTime);
        yield return request.Lattices ?? "";
        yield return request.Policy.Profile ?? "";
        foreach (string[]? list in new[] { request.Policy.Thresholds, request.Policy.Severities, request.Policy.Require })
            yield return string.Join(";", list ?? []);
        yield return File(request.Policy.File);
        yield return Below(request.Root, model.Model);
        yield return model.Action;
        // Only what is said of models that nobody listed has the name that the project gives them.
        yield return model.IsListed == false ? model.Id : "";
        yield return File(model.Model);
        yield return File(model.Source);
        yield return model.SourceIsImplied == true ? "implied" : "";
        yield return Path.GetFileName(model.Output);
        yield return Calibration(model.Calibration);
        foreach (double? number in new[] { model.CalibrationScale, model.Budget, model.Samples, model.SolverSteps, model.SolverSeed })
            yield return Text(number);
        foreach (double[]? numbers in new[] { model.CalibrationMean, model.CalibrationStd })
            yield return string.Join(";", (numbers ?? []).Select(number => Text(number)));
        foreach (string? word in new[] { model.Precision, model.Granularity, model.Solver })
            yield return word ?? "";
    }

    private static string Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string File(string? path) => path is null ? "" : $"{Path.GetFileName(path)} {FileHash.Of(path)}";

    // As the worker names models in SARIF; what lies elsewhere goes by its file name there.
    private static string Below(string? root, string path)
    {
        string folder = root is null ? "" : root.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) + Path.DirectorySeparatorChar;
        return folder.Length > 0 && path.StartsWith(folder, StringComparison.Ordinal) ? path.Substring(folder.Length).Replace('\\', '/') : Path.GetFileName(path);
    }

    private static string Calibration(string? path)
    {
        if (path is null || !Directory.Exists(path))
            return File(path);
        string folder = Path.GetFullPath(path);
        return string.Join(";", Directory.GetFiles(folder, "*.pb", SearchOption.AllDirectories)
            .Select(file => file.Substring(folder.Length).Replace('\\', '/'))
            .OrderBy(name => name, StringComparer.Ordinal)
            .Select(name => $"{name} {FileHash.Of(folder + name)}")
            .Prepend(Path.GetFileName(folder.TrimEnd('/', '\\'))));
    }
}
