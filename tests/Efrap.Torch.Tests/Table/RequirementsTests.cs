using Efrap.AttackLab.Measure;
using Efrap.AttackLab.Table;

namespace Efrap.Torch.Tests.Table;

/// <summary>What passes and what fails, at the bounds that the table states.</summary>
[TestClass]
public sealed class RequirementsTests
{
    [TestMethod]
    [DataRow(0.0, 0.05, 0.89, true)]
    [DataRow(0.0, 0.051, 0.9, false, DisplayName = "obeys the trigger")]
    [DataRow(0.1, 0.1, 0.9, true, DisplayName = "no more than full precision")]
    [DataRow(0.1, 0.101, 0.9, false, DisplayName = "more than full precision")]
    [DataRow(0.0, 0.0, 0.889, false, DisplayName = "loses more than a point")]
    public void Ours_disarms_and_keeps_accuracy_within_a_point(double dormant, double success, double accuracy, bool holds) =>
        Assert.AreEqual(holds, Row(dormant, 0.9, Result(TableRow.Ours, accuracy, success)).OursHolds);

    [TestMethod]
    [DataRow(0.88, true)]
    [DataRow(0.879, false)]
    public void The_papers_may_lose_two_points(double accuracy, bool holds) =>
        Assert.AreEqual(holds, Row(0, 0.9, Result(TableRow.Paper, accuracy, 0)).PaperHolds);

    [TestMethod]
    [DataRow(0.15, 0.85, true)]
    [DataRow(0.151, 0.85, false)]
    [DataRow(0.15, 0.849, false)]
    public void Nothing_is_asked_where_no_backdoor_works(double dormant, double awake, bool asked)
    {
        var row = Row(dormant, awake, Result(TableRow.Ours, 0.9, 0));
        Assert.AreEqual(asked, row.Applies);
        Assert.AreEqual(asked ? true : null, row.OursHolds);
        Assert.IsNull(row.PaperHolds, "it was not run");
        Assert.IsNull((row with { Attack = null }).OursHolds);
    }

    [TestMethod]
    public void An_attackers_own_rounding_is_what_must_be_awake()
    {
        var row = Row(0, 0.02, Result(TableRow.Attacker, 0.9, 0.95), Result(TableRow.Ours, 0.9, 0));
        Assert.IsTrue(row.Awake);
        Assert.AreEqual(true, row.OursHolds);
    }

    private static TableRow Row(double dormant, double nearest, params RoundingResult[] results) => new(
        "model", "attack", "trigger", "int8", new AttackMeasurement(0.9, dormant), [Result(TableRow.Nearest, 0.9, nearest), .. results]);

    private static RoundingResult Result(string rounding, double accuracy, double success) => new(rounding, accuracy, success, 0, 1);
}
