using System.Text.Json;
using Efrap.Core.Calibration;
using Efrap.Core.Evidence.Statements;
using Efrap.Core.Onnx;

namespace Efrap.Core.Verification;

/// <summary>What hardening stated of a model, and whether the files at hand are those that it speaks of.</summary>
/// <param name="path">The attestation's file, as the user named it.</param>
/// <param name="sha256">SHA-256 of its bytes.</param>
/// <param name="statement">What it says.</param>
internal sealed class Attestation(string path, string sha256, Statement<HardeningPredicate> statement)
{
    // The layers of a model of a thousand take a hundredth of it.
    private const int LargestBytes = 64 << 20;

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    internal string Sha256 => sha256;

    /// <summary>What was attested.</summary>
    internal HardeningPredicate Predicate => statement.Predicate;

    /// <summary>The rounding that the attested solver gives.</summary>
    internal RoundingKind Rounding => Predicate.Settings.Solver == Core.Rounding.Solver.Nearest.Name ? RoundingKind.Nearest : RoundingKind.Efrap;

    /// <summary>Whether hardening rounded the weights of a node: those of quantized models it may have left as they were.</summary>
    /// <param name="layer">The node's name.</param>
    internal bool Covers(string layer) => Predicate.Source is null || Predicate.Layers.Any(l => l.Name == layer);

    /// <summary>Reads an attestation.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.AttestationRejected"/>: it cannot be read, is of another kind, or was
    /// altered.</exception>
    internal static Attestation Read(string path)
    {
        var bytes = SmallFile.Read(path, LargestBytes, EfrapCode.AttestationRejected, "attestation");
        try
        {
            return new Attestation(path, Digest.Of(bytes), SealedStatement.Read(bytes));
        }
        catch (JsonException e)
        {
            throw JsonRefusal.Of(e, EfrapCode.AttestationRejected, "an attestation that efrap harden wrote", "member", path);
        }
    }

    /// <summary>Holds the files that are given against the attested digests, before anything is made of them.</summary>
    /// <param name="options">The files.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.AttestationRejected"/> naming every file that is another one; or a file cannot
    /// be read.</exception>
    internal void CheckFiles(VerifyOptions options, CancellationToken cancellationToken)
    {
        var others = new List<string>();
        Compare("the model", options.ModelPath, statement.Subject[0], DigestOfModel(options.ModelPath));
        if (options.SourcePath is { } source)
            Compare("the source", source, Predicate.FullPrecision.Resource, DigestOfModel(source));
        if (options.Calibration is { } calibration)
            Compare("the calibration data", calibration.Path, Predicate.Calibration.Resource, CalibrationSet.DigestOf(calibration.Path, cancellationToken));
        if (others.Count > 0)
            throw Rejected($"it speaks of other files than these: {string.Join("; ", others)}");

        void Compare(string what, string given, Resource attested, string digest)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (digest != attested.Digest.Sha256)
                others.Add($"{what}, {Path.GetFileName(Path.TrimEndingDirectorySeparator(given))}, has SHA-256 {digest}, attested is {attested.Digest.Sha256}");
        }
    }

    /// <summary>Holds the source's external data against the attested digests.</summary>
    /// <param name="source">The source as it was read.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.AttestationRejected"/>.</exception>
    internal void CheckExternalData(OnnxModel source)
    {
        var attested = Predicate.FullPrecision.ExternalData.Select(r => new FileDigest(r.Name, r.Digest.Sha256)).ToHashSet();
        var other = source.ExternalFiles.Where(f => !attested.Contains(f)).Select(f => f.Name).ToList();
        if (other.Count > 0)
            throw Rejected($"external data of the source is another than the attested: {string.Join(", ", other)}");
    }

    /// <summary>The options with what was attested in place of what is not given.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="EfrapException"><see cref="EfrapCode.AttestationRejected"/>: something was given that differs.</exception>
    internal VerifyOptions Complete(VerifyOptions options)
    {
        if (options.Budget is { } budget && budget != Predicate.Settings.Budget)
            throw Rejected($"it attests a budget of {Predicate.Settings.Budget:R}, {budget:R} was given; leave that out");
        return options with { Budget = Predicate.Settings.Budget, Calibration = options.Calibration is { } calibration ? Complete(calibration) : null };
    }

    private CalibrationOptions Complete(CalibrationOptions calibration)
    {
        var attested = Predicate.Calibration;
        var preprocessing = attested.Preprocessing;
        if (calibration.Samples is { } samples && samples != attested.Samples)
            throw Rejected($"it attests {attested.Samples} samples, {samples} were given; leave that out");
        if (Differs([calibration.Scale], [preprocessing?.Scale]) || Differs(calibration.Mean, preprocessing?.Mean) || Differs(calibration.Std, preprocessing?.Std))
            throw Rejected("it attests another scale, mean or standard deviation for the samples than was given; leave that out");
        return calibration with { Samples = attested.Samples, Scale = preprocessing?.Scale, Mean = preprocessing?.Mean, Std = preprocessing?.Std };

        static bool Differs<T>(IReadOnlyList<T>? given, IReadOnlyList<T>? attested) =>
            given is not (null or [null]) && !given.SequenceEqual(attested ?? []);
    }

    private static string DigestOfModel(string model)
    {
        try
        {
            using var stream = RegularFile.OpenRead(model);
            return Digest.Of(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw OnnxModelReader.NotOpened(model, e);
        }
    }

    private EfrapException Rejected(string problem) => new(EfrapCode.AttestationRejected, $"this attestation is rejected: {problem}.", path);
}
