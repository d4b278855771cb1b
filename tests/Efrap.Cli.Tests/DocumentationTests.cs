using System.CommandLine;
using Efrap.Cli.Commands;
using Efrap.Core;
using Efrap.Core.Tests;

namespace Efrap.Cli.Tests;

[TestClass]
public sealed class DocumentationTests
{
    private static readonly string Folder = Path.Combine(TestData.Repository, "docs");

    [TestMethod]
    public void Every_code_has_a_page_and_a_line_in_the_index()
    {
        var index = File.ReadAllText(Path.Combine(Folder, "README.md"));
        foreach (var code in Enum.GetValues<EfrapCode>().Select(EfrapException.Format))
        {
            var title = File.ReadLines(Path.Combine(Folder, code + ".md")).First();
            Assert.StartsWith($"# {code}: ", title);
            Assert.Contains($"| [{code}]({code}.md) | {title[$"# {code}: ".Length..]} |", index);
        }
    }

    [TestMethod]
    public void Every_link_leads_to_a_page()
    {
        foreach (var page in Directory.GetFiles(Folder, "*.md"))
        {
            foreach (var target in File.ReadAllText(page).Split("](")[1..].Select(rest => rest[..rest.IndexOfAny([')', '#'])]))
                Assert.IsTrue(File.Exists(Path.Combine(Folder, target)), $"{Path.GetFileName(page)} links to {target}");
        }
    }

    [TestMethod]
    public void Every_option_is_described()
    {
        using var front = new Front();
        var host = new Host
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Terminal = () => null,
            Time = front.Time,
            Harden = front.Engine.Harden,
            Audit = Core.Audit.Run,
            Inspect = front.Engine.Inspect,
            Verify = front.Engine.Verify,
        };
        var page = File.ReadAllText(Path.Combine(Folder, "cli.md"));
        foreach (var command in new Command[]
        {
            new HardenCommand(host, default), new AuditCommand(host, default), new VerifyCommand(host, default), new InspectCommand(host, default),
        })
        {
            Assert.Contains($"## efrap {command.Name}\n", page.ReplaceLineEndings("\n"));
            foreach (var option in command.Options)
                Assert.Contains($"`{option.Name}`", page);
        }
    }
}
