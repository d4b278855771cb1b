using Microsoft.Build.Framework;

namespace Efrap.Build.Tests.Shim;

[TestClass]
public sealed class WorkerAnswerTests
{
    [TestMethod]
    public void An_answer_becomes_messages_and_warnings()
    {
        using var run = new ShimRun();

        Assert.IsTrue(run.Task.Execute(), string.Join('\n', run.Engine.Errors.Select(e => e.Message)));

        Assert.IsEmpty(run.Engine.Errors);
        var warning = run.Engine.Warnings.Single();
        Assert.AreEqual("EFRAP2003", warning.Code);
        Assert.AreEqual("über dem Budget {0}", warning.Message);
        Assert.AreEqual("/ä/m.onnx", warning.File);
        AssertSaid(MessageImportance.Normal, "Efrap: Models/m.onnx: layer 1/2 conv1");
        AssertSaid(MessageImportance.Normal, "Efrap: Größe: 3 {0}");
        AssertSaid(MessageImportance.Normal, "Efrap: a library's remark");
        AssertSaid(MessageImportance.High, "Models/m.onnx -> /out/m.onnx (2 layers hardened, 1 left in float)");
        Assert.HasCount(1, run.Engine.Messages.Where(m => m.Importance == MessageImportance.High), "a build that goes well says one line a model");

        void AssertSaid(MessageImportance importance, string text) =>
            Assert.HasCount(1, run.Engine.Messages.Where(m => m.Importance == importance && m.Message == text), text);
    }

    [TestMethod]
    [DataRow("nothing-to-quantize", "EFRAP2001", "/m.onnx", "no layer can be quantized.")]
    [DataRow("refusal", "EFRAP0003", "/request.json", "no such setting.")]
    [DataRow("wrong-setting", "EFRAP0003", null, "EfrapModel 'Models/m.onnx': precision must be one of int8.")]
    [DataRow("interrupted", "EFRAP0004", null, "EfrapModel 'Models/m.onnx': cancelled; nothing was written.")]
    public void An_error_stands_alone_and_has_a_file(string behaviour, string code, string? file, string text)
    {
        using var run = new ShimRun(behaviour);

        Assert.IsFalse(run.Task.Execute());

        var error = run.Engine.Errors.Single();
        Assert.AreEqual(code, error.Code);
        Assert.AreEqual(file ?? run.Task.ProjectFile, error.File);
        Assert.AreEqual(text, error.Message);
    }

    [TestMethod]
    public void Each_failed_indicator_is_an_error_of_its_own()
    {
        using var run = new ShimRun("gate");

        Assert.IsFalse(run.Task.Execute());

        CollectionAssert.AreEqual(new[] { "EFRAP3107", "EFRAP3101" }, run.Engine.Errors.Select(e => e.Code).ToArray());
        Assert.AreEqual(3, run.Engine.Errors[0].LineNumber);
        Assert.AreEqual("/m.onnx", run.Engine.Errors[0].File);
        Assert.AreEqual("Models/m.onnx: audit: fail, see /m.audit.html", run.Engine.Messages.Single(m => m.Importance == MessageImportance.High).Message);
    }

    [TestMethod]
    public void A_page_in_the_docs_folder_is_the_help_link()
    {
        using var run = new ShimRun("wrong-setting");
        Directory.CreateDirectory(run.Task.DocsDirectory);
        var page = Path.Combine(run.Task.DocsDirectory, "EFRAP0003.md");
        File.WriteAllText(page, "# EFRAP0003");

        Assert.IsFalse(run.Task.Execute());

        var link = new Uri(run.Engine.Errors.Single().HelpLink);
        Assert.IsTrue(link.IsFile);
        Assert.AreEqual(page, link.LocalPath);
        Assert.DoesNotContain(" ", link.OriginalString, "a link with a space is cut off by terminals");
    }
}
