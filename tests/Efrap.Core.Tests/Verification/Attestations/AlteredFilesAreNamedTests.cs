using CsCheck;
using Efrap.Core.Calibration;
using Efrap.Core.Evidence.Statements;
using Efrap.Core.Quantization;
using Efrap.Core.Rounding;

namespace Efrap.Core.Tests.Verification.Attestations;

[TestClass]
public sealed class AlteredFilesAreNamedTests
{
    private static readonly VerifiedFixture _file = VerifiedFixture.Of("shapes-clean.onnx", Precision.Int8Weights, Solver.Budget);

    [ClassCleanup]
    public static void Remove() => _file.Dispose();

    [TestMethod]
    public void A_byte_of_the_model() => Expect("the model, other.onnx", path => _file.Attested with { ModelPath = path }, _file.Path);

    [TestMethod]
    public void A_byte_of_the_source() => Expect("the source, other.onnx", path => _file.Attested with { SourcePath = path }, _file.Attested.SourcePath!);

    [TestMethod]
    public void A_byte_of_the_calibration_data() =>
        Expect("the calibration data, other.onnx", path => _file.Attested with { Calibration = new CalibrationOptions(path) }, _file.Attested.Calibration!.Path);

    // A file that cannot even be read any more is still told from the one that was attested.
    [TestMethod]
    public void A_byte_anywhere()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(_file.Path);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte[1, 255]).Sample(
            (at, change) =>
            {
                var altered = bytes.ToArray();
                altered[at] ^= change;
                var path = folder.Write("m.onnx", altered);
                Assert.Contains(
                    "the model, m.onnx", Refusal.Expect(EfrapCode.AttestationRejected, () => Verify.Run(_file.Attested with { ModelPath = path })));
            },
            iter: 20,
            threads: 1);
    }

    [TestMethod]
    public void A_byte_of_the_attestation()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(_file.Attestation);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte[1, 255]).Sample(
            (at, change) =>
            {
                var altered = bytes.ToArray();
                altered[at] ^= change;
                var path = folder.Write("a.intoto.json", altered);
                var problem = Assert.ThrowsExactly<EfrapException>(() => Verify.Run(_file.Attested with { AttestationPath = path }));
                Assert.AreEqual((EfrapCode.AttestationRejected, path), (problem.Code, problem.File));
            },
            iter: 300,
            threads: 1);
    }

    [TestMethod]
    public void All_of_several()
    {
        var other = TestData.Fixture("shapes-qcb-int8.onnx");
        var problem = Refusal.Expect(EfrapCode.AttestationRejected, () => Verify.Run(_file.Attested with { ModelPath = other, SourcePath = other }));
        Assert.Contains("the model, shapes-qcb-int8.onnx", problem);
        Assert.Contains("the source, shapes-qcb-int8.onnx", problem);
        Assert.DoesNotContain("calibration", problem);
    }

    [TestMethod]
    public void Settings_that_differ()
    {
        var options = _file.Attested;
        Assert.Contains("a budget of 0.5, 0.25", Expect(options with { Budget = 0.25 }));
        Assert.Contains("samples, 10 were given", Expect(options with { Calibration = options.Calibration! with { Samples = 10 } }));
        Assert.Contains("another scale", Expect(options with { Calibration = options.Calibration! with { Scale = 2 } }));

        static string Expect(VerifyOptions options) => Refusal.Expect(EfrapCode.AttestationRejected, () => Verify.Run(options));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("""{"_type":"https://in-toto.io/Statement/v1","subject":[null],"predicateType":"urn:efrap-build:attestation:harden:v1","predicate":null}""")]
    [DataRow("""{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}""")]
    public void What_is_no_attestation_at_all(string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.json", System.Text.Encoding.UTF8.GetBytes(text));
        Refusal.Expect(EfrapCode.AttestationRejected, () => Verify.Run(_file.Attested with { AttestationPath = path }));
        Refusal.Expect(EfrapCode.AttestationRejected, () => Verify.Run(_file.Attested with { AttestationPath = folder.Path }));
        Refusal.Expect(EfrapCode.AttestationRejected, () => Verify.Run(_file.Attested with { AttestationPath = folder.File("none") }));
    }

    [TestMethod]
    public void The_statement_of_an_audit()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(_file.Attestation).Replace(HardeningPredicate.PredicateType, AuditPredicate.PredicateType, StringComparison.Ordinal);
        var path = folder.Write("a.json", System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Contains("of another type", Refusal.Expect(EfrapCode.AttestationRejected, () => Verify.Run(_file.Attested with { AttestationPath = path })));
    }

    private static void Expect(string named, Func<string, VerifyOptions> options, string original)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(original);
        bytes[bytes.Length / 2] ^= 1;
        var path = folder.Write("other.onnx", bytes);
        var problem = Refusal.Expect(EfrapCode.AttestationRejected, () => Verify.Run(options(path)));
        Assert.Contains(named, problem);
        Assert.Contains(Digest.Of(bytes), problem);
        Assert.AreEqual(1, problem.Split("attested is").Length - 1);
    }
}
