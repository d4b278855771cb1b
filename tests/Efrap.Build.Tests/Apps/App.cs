using System.Xml.Linq;

namespace Efrap.Build.Tests.Apps;

/// <summary>
/// An app as a user has it: a folder outside the repository, a project that references the package, an empty packages folder,
/// and the package sources of this repository with a local feed for the packages under test.
/// </summary>
internal sealed class App : IDisposable
{
    private readonly DirectoryInfo _root;
    private readonly string _package;
    private int _builds;

    /// <summary>Lays the app out.</summary>
    /// <param name="items">The project's own items and properties, XML.</param>
    /// <param name="folder">The name of the project's folder.</param>
    /// <param name="package">The package that it references.</param>
    public App(string items, string folder = "app", string package = "Efrap.Build")
    {
        _package = package;
        _root = Directory.CreateTempSubdirectory("efrap-app-");
        Folder = Path.Combine(_root.FullName, folder);
        WriteNuGetConfig();
        // The search for these ends here, whatever lies above the temporary folder.
        // What one test made must not spare another the work: tests of the cache name a folder themselves. And what follows from an
        // audit does not depend on the number of lattices.
        File.WriteAllText(
            Path.Combine(_root.FullName, "Directory.Build.props"),
            "<Project><PropertyGroup><EfrapCacheDir Condition=\"'$(EfrapCacheDir)' == ''\">none</EfrapCacheDir><EfrapLattices>int8-per-channel</EfrapLattices></PropertyGroup></Project>");
        File.WriteAllText(Path.Combine(_root.FullName, "Directory.Build.targets"), "<Project />");
        File.WriteAllText(Path.Combine(_root.FullName, "Directory.Packages.props"), "<Project />");
        Write("Program.cs", "System.Console.WriteLine(typeof(Program).Assembly.GetName().Name);"u8.ToArray());
        WriteProject(items);
    }

    /// <summary>The project's folder.</summary>
    public string Folder { get; }

    /// <summary>The project file.</summary>
    public string Project => Path.Combine(Folder, "App.csproj");

    /// <summary>Where <c>dotnet build</c> puts its output.</summary>
    public string Output => Path.Combine(Folder, "bin", "Debug", "net10.0");

    /// <summary>Where hardened models are made.</summary>
    public string Hardened => Path.Combine(Folder, "obj", "Debug", "net10.0", "efrap");

    /// <summary>The command line, as the restored package brings it.</summary>
    public string Tool => Path.Combine(_root.FullName, "packages", _package.ToLowerInvariant(), PackedPackage.Version, "tools", "net10.0", "efrap.dll");

    /// <summary>An app with one model, <c>Models/m.onnx</c>, and its calibration.</summary>
    /// <param name="items">Items for the model; <c>EfrapModel</c> metadata as a rule.</param>
    /// <returns>The app.</returns>
    public static App WithOneModel(string items)
    {
        var app = new App(items);
        app.Write("Models/m.onnx", TinyModel.Create(seed: 1));
        app.Write("Models/calibration.npz", CalibrationFile.Create(seed: 1));
        return app;
    }

    /// <summary>Writes the project file anew.</summary>
    /// <param name="items">The project's own items and properties, XML.</param>
    public void WriteProject(string items) => File.WriteAllText(Project, $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="{_package}" Version="{PackedPackage.Version}" PrivateAssets="all" />
          </ItemGroup>
          {items}
        </Project>
        """);

    /// <summary>Writes a file.</summary>
    /// <param name="name">Its path below the project's folder, with forward slashes; folders are created.</param>
    /// <param name="content">Its content.</param>
    /// <returns>Its full path.</returns>
    public string Write(string name, byte[] content)
    {
        var path = Path.GetFullPath(Path.Combine(Folder, name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Runs a <c>dotnet</c> verb that builds.</summary>
    /// <param name="verb">For example <c>build</c> or <c>publish</c>.</param>
    /// <param name="arguments">More arguments.</param>
    /// <returns>What happened.</returns>
    public BuildOutcome Run(string verb, params string[] arguments)
    {
        var log = Path.Combine(_root.FullName, $"{Interlocked.Increment(ref _builds)}.binlog");
        var (exitCode, output) = DotNet.Run(Folder, [verb, .. arguments, $"-bl:{log}"]);
        return new(exitCode, output, log);
    }

    /// <summary>Runs a <c>dotnet</c> verb that builds, and asserts that it succeeds.</summary>
    /// <param name="verb">For example <c>build</c> or <c>publish</c>.</param>
    /// <param name="arguments">More arguments.</param>
    /// <returns>What happened.</returns>
    public BuildOutcome Succeed(string verb, params string[] arguments)
    {
        var outcome = Run(verb, arguments);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Output);
        return outcome;
    }

    public void Dispose() => _root.Delete(recursive: true);

    private void WriteNuGetConfig()
    {
        Directory.CreateDirectory(Folder);
        var config = XDocument.Load(Path.Combine(Repository.Folder, "nuget.config"));
        var sources = config.Root!.Element("packageSources")!;
        var elsewhere = sources.Elements("add").Select(source => (string)source.Attribute("key")!).ToList();
        var packed = _package == "Efrap.Build.Torch" ? new[] { PackedPackage.TorchPath, PackedPackage.Path } : [PackedPackage.Path];
        sources.Add(Add("local", Path.GetDirectoryName(packed[0])!));
        config.Root.Add(new XElement("config", Add("globalPackagesFolder", "packages")));
        // With a pattern each, the public source is not asked for a package that is not there.
        var mapping = elsewhere.Select(key => Source(key, "*")).ToList();
        if (_package == "Efrap.Build.Torch")
        {
            mapping.Add(Source("local", "Efrap.Build", "Efrap.Build.Torch"));
            var libTorch = new LibTorchPackages(_root);
            config.Root.Add(new XElement("fallbackPackageFolders", Add("restored", libTorch.Restored)));
            sources.Add(Add("stand-ins", libTorch.StandIns));
            mapping.Add(Source("stand-ins", [.. libTorch.OfOtherSystems]));
        }
        else
        {
            mapping.Add(Source("local", "Efrap.Build"));
        }

        config.Root.Add(new XElement("packageSourceMapping", mapping));
        config.Save(Path.Combine(_root.FullName, "nuget.config"));

        static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
        static XElement Source(string key, params string[] patterns) => new(
            "packageSource",
            new XAttribute("key", key),
            patterns.Select(pattern => new XElement("package", new XAttribute("pattern", pattern))));
    }
}
