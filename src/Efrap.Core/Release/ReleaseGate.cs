using System.Globalization;
using Efrap.Core.Evidence;
using Efrap.Core.Indicators;
using Efrap.Core.Onnx;

namespace Efrap.Core.Release;

/// <summary>Holds what was found in a release against the manifest.</summary>
/// <param name="argument">The release.</param>
/// <param name="manifest">The manifest.</param>
/// <param name="index">Finds the manifest's models.</param>
/// <param name="scan">What was found.</param>
/// <param name="time">The clock that waivers end by.</param>
internal sealed class ReleaseGate(Argument argument, FoundManifest manifest, ManifestIndex index, ReleaseScan scan, TimeProvider time)
{
    private readonly AccompanyingFiles _files = new(manifest, scan.Digests);
    private readonly HashSet<ManifestModel> _here = [];
    private readonly List<ReleaseProblem> _problems = [];
    private readonly List<string> _notes = [];

    /// <summary>Judges every model, and what is missing.</summary>
    internal ReleaseReport Judge()
    {
        var models = scan.Models.Select(Judge).ToList();
        var notHere = manifest.File.Manifest.Models.Where(m => !_here.Contains(m)).ToList();
        foreach (var model in notHere)
            CheckAssemblies(model);
        if (notHere.Count > 0 && _here.Count == 0)
            Fail(null, $"none of the {notHere.Count} models that the manifest names is here");
        foreach (var left in scan.Left.Where(l => l.Fails))
            _problems.Add(new ReleaseProblem(EfrapCode.ArchiveRejected, left.Place.ToString(), left.Reason));
        if (manifest.Origin != ManifestOrigin.Given)
            _notes.Add("the manifest comes with the release: whoever can change the one can change the other (--manifest takes the build's own).");
        return new ReleaseReport
        {
            EngineVersion = EngineVersion.Text,
            Release = argument.Name,
            Kind = argument.Container.Kind,
            Manifest = new ReleaseManifestRecord(
                manifest.Place?.ToString() ?? manifest.File.Name, manifest.File.Sha256, manifest.Origin, manifest.File.Manifest.EngineVersion),
            Verdict = _problems.Count > 0 ? ReleaseVerdict.Fail : models.Count == 0 ? ReleaseVerdict.NothingFound : ReleaseVerdict.Pass,
            Models = models,
            NotHere = [.. notHere.Select(m => m.Model)],
            NotChecked = [.. scan.Left.Where(l => !l.Fails).Select(l => new UncheckedFile(l.Place.ToString(), l.Reason))],
            Problems = _problems,
            Notes = _notes,
        };
    }

    private ReleasedModel Judge(ReleasePlace place)
    {
        var before = _problems.Count;
        var sha256 = scan.Digests[place];
        var (outcome, model) = Compare(place, sha256);
        if (model is not null)
            _here.Add(model);
        if (outcome is ReleaseOutcome.AsShipped or ReleaseOutcome.Elsewhere)
            CheckModel(place, model!, outcome);
        else
            Fail(place, Text(outcome, model, sha256));
        return new ReleasedModel(place.ToString(), sha256, outcome)
        {
            Model = model?.Model,
            Action = model?.Action,
            Rounding = model?.Rounding,
            Audit = model?.Verdict,
            Passes = _problems.Count == before,
        };
    }

    // With the model that the manifest has for the place or, where it has none, for the digest.
    private (ReleaseOutcome Outcome, ManifestModel? Model) Compare(ReleasePlace place, string sha256)
    {
        var named = index.At(place);
        var shipped = index.ByDigest[sha256].FirstOrDefault();
        var original = named.FirstOrDefault(m => m.OriginalSha256 == sha256) ?? index.ByOriginal[sha256].FirstOrDefault();
        return named.FirstOrDefault(m => m.Sha256 == sha256) is { } right ? (ReleaseOutcome.AsShipped, right)
            : named.Count == 0 && shipped is not null ? (ReleaseOutcome.Elsewhere, shipped)
            : original is not null ? (ReleaseOutcome.Original, named.Count > 0 && !named.Contains(original) ? named[0] : original)
            : named.Count == 0 ? (ReleaseOutcome.NotInManifest, null)
            : shipped is not null ? (ReleaseOutcome.Exchanged, named[0])
            : (ReleaseOutcome.Different, named[0]);
    }

    private string Text(ReleaseOutcome outcome, ManifestModel? model, string sha256)
    {
        var name = model is null ? string.Empty : Quoted(model.Model);
        return outcome switch
        {
            ReleaseOutcome.Original => $"is the original of {Quoted((model?.OriginalSha256 == sha256 ? model : index.ByOriginal[sha256].First()).Model)}, not hardened",
            ReleaseOutcome.Exchanged => $"is {Quoted(index.ByDigest[sha256].First().Model)}, in the place of {name}",
            ReleaseOutcome.Different => $"differs from what the build shipped as {name}: its SHA-256 is {sha256}, the manifest says {model!.Sha256}",
            _ => $"is not in the manifest: no model that the build shipped has the SHA-256 {sha256}",
        };
    }

    private void CheckModel(ReleasePlace place, ManifestModel model, ReleaseOutcome outcome)
    {
        if (outcome == ReleaseOutcome.Elsewhere)
            Note(place, $"is {Quoted(model.Model)}, at a place that the manifest does not name");
        CheckAction(place, model);
        foreach (var (problem, text) in _files.Check(place, model))
        {
            if (problem)
                Fail(place, text);
            else
                Note(place, text);
        }
    }

    private void CheckAction(ReleasePlace place, ManifestModel model)
    {
        if (model.Action == ManifestAction.Skip)
            Note(place, "was not checked: the build was told to skip it");
        if (model.Verdict == Verdict.Fail)
            Fail(place, "failed the audit of the build, which only reported it (EfrapMode=Report)");
        if (model.Verdict is Verdict.Warn or Verdict.NotMeasured)
            Note(place, model.Verdict == Verdict.Warn ? "made the audit of the build warn" : "could not be measured in the audit of the build");
        if (model.Rounding == ManifestRounding.Nearest)
            Fail(place, "was rounded to nearest, which wakes up a quantization-conditioned backdoor");
        if (model.Rounding is ManifestRounding.Paper or ManifestRounding.PaperGram)
            Note(place, "was rounded by the solver as published, which keeps to no activation budget");
        if (model.WaivedUntil is { } day)
            CheckWaiver(place, day);
    }

    private void CheckWaiver(ReleasePlace place, DateOnly day)
    {
        var shown = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) > day)
            Fail(place, $"passed the build by a waiver that held until {shown}");
        else
            Note(place, $"passed the build by a waiver that holds until {shown}");
    }

    // An assembly that is here without the model that it had was changed after the build, or cannot be read.
    private void CheckAssemblies(ManifestModel model)
    {
        foreach (var place in model.Places.Where(p => p.Assembly is not null))
        {
            var assembly = scan.Assemblies.FirstOrDefault(a => ("/" + (a.Resource ?? a.Path)).EndsWith("/" + place.Assembly, StringComparison.Ordinal));
            if (assembly is not null)
                Fail(assembly, $"is here without its resource {Quoted(place.Resource!)}, the model {Quoted(model.Model)}");
        }
    }

    private void Fail(ReleasePlace? place, string text) =>
        _problems.Add(new ReleaseProblem(EfrapCode.ReleaseMismatch, place?.ToString(), text + "."));

    private void Note(ReleasePlace place, string text) => _notes.Add($"{place} {text}.");

    private static string Quoted(string name) => $"'{DisplayName.Of(name)}'";
}
