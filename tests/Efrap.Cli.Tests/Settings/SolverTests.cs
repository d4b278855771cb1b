using Efrap.Cli.Settings;
using Efrap.Cli.Tests.Worker;
using Efrap.Core.Rounding;

namespace Efrap.Cli.Tests.Settings;

[TestClass]
public sealed class SolverTests
{
    private readonly List<SolverSettings> _made = [];

    [TestMethod]
    [DataRow("paper")]
    [DataRow("paper-gram")]
    public void Without_the_tier_its_solvers_are_one_line_that_says_what_to_install(string solver)
    {
        using var front = new Front();
        Assert.AreEqual(ExitCode.Error, front.Harden("--solver", solver, "--solver-steps", "20"));
        Assert.StartsWith($"efrap: error EFRAP0008: --solver '{solver}' needs the Torch tier", front.ErrorLines.Single());
        Assert.Contains("Efrap.Tool.Torch", front.Error);
        Assert.Contains("Efrap.Build.Torch", front.Error);
        Assert.IsEmpty(front.Engine.Calls);
    }

    [TestMethod]
    public void Without_the_tier_a_worker_refuses_that_model_only()
    {
        using var worker = new WorkerFront();
        var paper = """{"id":"p","model":"m.onnx","output":"p.onnx","precision":"int8","calibration":"c.npz","solver":"paper"}""";
        Assert.AreEqual(ExitCode.Error, worker.Run(paper, WorkerFront.Model));
        var error = worker.Of("message").Single(m => m.GetProperty("severity").GetString() == "error");
        Assert.AreEqual("EFRAP0008", error.GetProperty("code").GetString());
        Assert.AreEqual("p", error.GetProperty("id").GetString());
        Assert.AreEqual("m", worker.Of("result").Single().GetProperty("id").GetString());
    }

    [TestMethod]
    public void The_help_shows_the_solvers_of_this_installation()
    {
        using var plain = new Front();
        plain.Run("harden", "--help");
        Assert.Contains("--solver <budget|nearest>", plain.Output);
        Assert.Contains("Efrap.Tool.Torch", plain.Output);
        Assert.DoesNotContain("--solver-steps", plain.Output);

        using var tier = Tier();
        tier.Run("harden", "--help");
        Assert.Contains("--solver <budget|nearest|paper|paper-gram>", tier.Output);
        Assert.Contains("--solver-steps <N>", tier.Output);
        Assert.Contains("--solver-seed <N>", tier.Output);
        Assert.DoesNotContain("Efrap.Tool.Torch", tier.Output);
    }

    [TestMethod]
    public void A_solver_of_the_tier_is_made_with_the_settings_given()
    {
        using var front = Tier();
        Assert.AreEqual(ExitCode.Clean, front.Harden("--solver", "paper", "--solver-steps", "20", "--solver-seed", "7"), front.Error);
        Assert.AreEqual(new SolverSettings(20, 7), _made.Single());
        Assert.AreSame(Solver.Nearest, front.Engine.Calls.Single().Solver);
    }

    [TestMethod]
    public void The_paper_runs_10000_steps()
    {
        using var front = Tier();
        Assert.AreEqual(ExitCode.Clean, front.Harden("--solver", "paper"));
        Assert.AreEqual(new SolverSettings(10_000, 0), _made.Single());
    }

    [TestMethod]
    public void A_request_carries_the_same_settings()
    {
        using var worker = new WorkerFront { Front = Tier() };
        Assert.AreEqual(ExitCode.Clean, worker.Run(
            """{"id":"m","model":"m.onnx","output":"o.onnx","precision":"int8","calibration":"c.npz","solver":"paper","solverSteps":20,"solverSeed":7}"""));
        Assert.AreEqual(new SolverSettings(20, 7), _made.Single());
    }

    [TestMethod]
    [DataRow("budget")]
    [DataRow("nearest")]
    public void The_other_solvers_need_nothing_of_the_tier(string solver)
    {
        using var front = Tier();
        Assert.AreEqual(ExitCode.Clean, front.Harden("--solver", solver));
        Assert.IsEmpty(_made);
        Assert.AreEqual(solver, front.Engine.Calls.Single().Solver.Name);
    }

    [TestMethod]
    [DataRow("--solver-steps", "0", "paper")]
    [DataRow("--solver-steps", "ten", "paper")]
    [DataRow("--solver-seed", "-1", "paper")]
    [DataRow("--solver-steps", "20", "budget")]
    [DataRow("--solver-seed", "1", "nearest")]
    public void A_wrong_setting_is_one_line_and_usage(string option, string value, string solver)
    {
        using var front = Tier();
        Assert.AreEqual(ExitCode.Usage, front.Harden("--solver", solver, option, value));
        Assert.StartsWith("efrap: error EFRAP0003: " + option, front.ErrorLines.Single());
        Assert.IsEmpty(_made);
        Assert.IsEmpty(front.Engine.Calls);
    }

    private Front Tier() => new()
    {
        Solvers =
        [
            .. SolverChoices.OfEngine,
            new("paper", "Recorded.", Make) { HasSettings = true },
            new("paper-gram", "Recorded.", Make) { HasSettings = true },
        ],
    };

    private Solver Make(SolverSettings settings)
    {
        _made.Add(settings);
        return Solver.Nearest;
    }
}
