using System.Text.Json;
using Efrap.AttackLab.Table;
using Efrap.Core.Tests;

namespace Efrap.Torch.Tests.Table;

/// <summary>The table in the documentation and in the README is the one that the command wrote.</summary>
[TestClass]
public sealed class PublishedTableTests
{
    private const int CellsInReadme = 9;

    private static string Folder => Path.Combine(TestData.Repository, "docs", "attacks");

    [TestMethod]
    [DataRow("table")]
    [DataRow("w4a4")]
    public void The_page_is_made_from_the_figures(string name) =>
        Assert.AreEqual(TableMarkdown.Of(Report(name)), File.ReadAllText(Path.Combine(Folder, $"{name}.md")));

    [TestMethod]
    public void The_picture_is_made_from_the_figures() =>
        Assert.AreEqual(TablePlot.Of(Report()), File.ReadAllText(Path.Combine(Folder, "table.svg")));

    [TestMethod]
    public void The_readme_shows_every_row()
    {
        var readme = File.ReadAllLines(Path.Combine(TestData.Repository, "README.md")).ToHashSet();
        var rows = File.ReadLines(Path.Combine(Folder, "table.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToArray();
        Assert.IsGreaterThan(20, rows.Length);
        foreach (var row in rows)
            Assert.Contains($"| {string.Join(" | ", row.Split('|', StringSplitOptions.TrimEntries).Skip(1).Take(CellsInReadme))} |", readme);
    }

    // What the README says above the table.
    [TestMethod]
    public void Ours_holds_in_every_row_with_a_working_backdoor()
    {
        var applies = Report().Rows.Where(r => r.Applies).ToArray();
        Assert.HasCount(14, applies);
        Assert.IsTrue(applies.All(r => r.OursHolds == true));
    }

    private static TableReport Report(string name = "table") =>
        JsonSerializer.Deserialize<TableReport>(File.ReadAllText(Path.Combine(Folder, $"{name}.json")), KeptResults.Json)!;
}
