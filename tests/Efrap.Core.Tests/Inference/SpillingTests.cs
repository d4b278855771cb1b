using Efrap.Core.Quantization;
using Efrap.Core.Tests.Rounding;
using Google.Protobuf;

namespace Efrap.Core.Tests.Inference;

/// <summary>Activations beyond the memory limit go to temporary files: the result is the same, and nothing is left of them.</summary>
[TestClass]
[DoNotParallelize]
public sealed class SpillingTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(20_000)]
    public void Changes_no_byte_of_the_result(long memory)
    {
        foreach (var precision in new[] { Precision.Int8, Precision.Int4Weights })
        {
            var expected = Hardened.Of(Nets.Residual(2), precision, samples: 80).Model.ToByteArray();
            using var files = new TemporaryFiles();
            var most = 0;
            var spilled = Hardened.Of(Nets.Residual(2), precision, samples: 80, adjust: s => s with
            {
                ActivationMemory = memory,
                ConfigureSession = _ => most = Math.Max(most, files.Open()),
            });
            Assert.IsGreaterThan(0, most, "nothing was spilled");
            Assert.AreEqual(0, files.Open());
            CollectionAssert.AreEqual(expected, spilled.Model.ToByteArray());
        }
    }

    [TestMethod]
    public void Needs_no_file_within_the_limit()
    {
        using var files = new TemporaryFiles();
        Hardened.Of(Nets.Residual(2), adjust: s => s with { ConfigureSession = _ => Assert.AreEqual(0, files.Open()) });
    }

    [TestMethod]
    public void Leaves_nothing_when_the_run_fails()
    {
        using var files = new TemporaryFiles();
        var sessions = 0;
        Assert.ThrowsExactly<TimeoutException>(() => Hardened.Of(Nets.Residual(2), samples: 80, adjust: s => s with
        {
            ActivationMemory = 0,
            ConfigureSession = _ =>
            {
                if (++sessions < 6)
                    return;
                Assert.IsGreaterThan(0, files.Open(), "nothing was spilled yet");
                throw new TimeoutException();
            },
        }));
        Assert.AreEqual(0, files.Open());
    }

    // A killed process cannot tidy up: what it leaves must have no name already.
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Leaves_nothing_when_the_process_is_killed()
    {
        using var files = new TemporaryFiles();
        Hardened.Of(Nets.Residual(2), adjust: s => s with
        {
            ActivationMemory = 0,
            ConfigureSession = _ => Assert.IsEmpty(files.Named()),
        });
    }

    [TestMethod]
    public void Says_so_when_there_is_nowhere_to_write()
    {
        using var files = new TemporaryFiles();
        Refusal.Expect(EfrapCode.OutputNotWritten, () => Hardened.Of(Nets.Residual(1), adjust: s => s with
        {
            ActivationMemory = 0,
            ConfigureSession = _ => files.Disappear(),
        }));
    }
}
