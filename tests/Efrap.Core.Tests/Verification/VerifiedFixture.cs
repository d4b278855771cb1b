using Efrap.Core.Calibration;
using Efrap.Core.Evidence;
using Efrap.Core.Evidence.Statements;
using Efrap.Core.Onnx;
using Efrap.Core.Quantization;
using Efrap.Core.Quantization.Reading;
using Efrap.Core.Rounding;
using Efrap.Core.Tests.Hardening;
using Google.Protobuf;

namespace Efrap.Core.Tests.Verification;

/// <summary>A committed fixture that was quantized, and is verified.</summary>
internal sealed class VerifiedFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _source;

    private VerifiedFixture(string model) => _source = TestData.Fixture(model);

    /// <summary>The quantized file.</summary>
    public string Path => _folder.File("quantized.onnx");

    /// <summary>What hardening stated of it.</summary>
    public string Attestation => _folder.File("quantized.intoto.json");

    /// <summary>A file of its folder.</summary>
    public string File(string name) => _folder.File(name);

    private static CalibrationOptions Calibration => AttackMeasurement.Shapes.Calibration(TestData.Fixture("shapes-calibration.npz"));

    /// <summary>Quantizes a fixture.</summary>
    public static VerifiedFixture Of(string model, Precision precision, Solver solver)
    {
        var result = new VerifiedFixture(model);
        Harden.Run(new HardenOptions(result._source, result.Path, Calibration)
        {
            Precision = precision,
            Solver = solver,
            AttestationPath = result.Attestation,
        });
        return result;
    }

    /// <summary>Replaces the integers by EFRAP rounding beside the source.</summary>
    public void RoundAnew()
    {
        var output = _folder.File("anew.onnx");
        Harden.Run(new HardenOptions(Path, output, Calibration) { SourcePath = _source, AttestationPath = Attestation });
        System.IO.File.Move(output, Path, overwrite: true);
    }

    /// <summary>Changes integers of a weight in the file.</summary>
    /// <param name="index">The weight, by its place among those that the source has.</param>
    /// <param name="change">Told where the weights may go, and the codes; what it changes there is written.</param>
    /// <returns>The name of the constant that holds them.</returns>
    public string Alter(int index, Action<WeightLattice, sbyte[]> change)
    {
        var model = OnnxModelReader.Read(Path);
        var match = SourceModel.Match(OnnxModelReader.Read(_source), model).Matches.Matches[index];
        var codes = match.Tensor.SignedRows();
        change(match.Tensor.LatticeOf(match.Layer.Weights), codes);
        var initializers = model.Proto.Graph.Initializer;
        var stored = initializers.Single(i => i.Name == match.Tensor.CodesName);
        initializers[initializers.IndexOf(stored)] = match.Tensor.Replace(stored, codes);
        System.IO.File.WriteAllBytes(Path, model.Proto.ToByteArray());
        return match.Tensor.CodesName;
    }

    /// <summary>Makes the attestation speak of other files, as whoever can write it can.</summary>
    /// <param name="change">What it says then.</param>
    public void Forge(Func<HardeningPredicate, HardeningPredicate> change)
    {
        var statement = SealedStatement.Read(System.IO.File.ReadAllBytes(Attestation));
        var subject = Resource.Of("quantized.onnx", Digest.Of(System.IO.File.ReadAllBytes(Path)));
        using var stream = System.IO.File.Create(Attestation);
        SealedStatement.Write(
            statement with { Subject = [subject], Predicate = change(statement.Predicate) with { Seal = SealedStatement.Unsealed } }, stream);
    }

    /// <summary>Options to verify it with its attestation.</summary>
    public VerifyOptions Attested => new(Path)
    {
        SourcePath = _source,
        Calibration = new CalibrationOptions(Calibration.Path),
        AttestationPath = Attestation,
    };

    /// <summary>Verifies it.</summary>
    public VerifyReport Verify(bool source = true, bool calibration = true, int? samples = null, string? report = null) => Core.Verify.Run(new VerifyOptions(Path)
    {
        SourcePath = source ? _source : null,
        Calibration = calibration ? Calibration with { Samples = samples } : null,
        ReportPath = report,
    });

    public void Dispose() => _folder.Dispose();
}
