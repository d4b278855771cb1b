using System.Text.RegularExpressions;
using Efrap.Core.Evidence;
using Efrap.Core.Evidence.Html;
using Efrap.Core.Indicators;

namespace Efrap.Core.Tests.Evidence.Html;

/// <summary>The page says what the report says, loads nothing, and takes nothing out of a model for anything but text.</summary>
[TestClass]
public sealed partial class HtmlPageTests
{
    private static readonly string[] _elements =
    [
        "html", "head", "meta", "title", "style", "body", "main", "header", "section", "h1", "h2", "p", "span", "strong", "em", "bdi", "br", "ul", "li",
        "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "div", "figure", "figcaption",
        "svg", "rect", "line", "circle", "path", "image",
    ];

    private static readonly string[] _void = ["meta", "br", "rect", "line", "circle", "path", "image"];

    [TestMethod]
    [DynamicData(nameof(AuditedReports.Names), typeof(AuditedReports))]
    public void Elements_are_known_ones_and_close_in_order(string name)
    {
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(Body(AuditedReports.All[name]())))
        {
            var element = tag.Groups["name"].Value;
            Assert.Contains(element, _elements, tag.Value);
            if (tag.Value.StartsWith("</", StringComparison.Ordinal))
                Assert.AreEqual(element, open.Pop());
            else if (!_void.Contains(element) && !tag.Value.EndsWith("/>", StringComparison.Ordinal))
                open.Push(element);
        }

        Assert.IsEmpty(open);
    }

    [TestMethod]
    [DynamicData(nameof(AuditedReports.Names), typeof(AuditedReports))]
    public void Nothing_is_loaded_and_nothing_runs(string name)
    {
        var page = HtmlPage.Of(AuditedReports.All[name]());
        Assert.IsFalse(Regex.IsMatch(page, @"<script|\son[a-z]+=""|javascript:", RegexOptions.IgnoreCase));
        Assert.IsFalse(Regex.IsMatch(page, @"@import|url\(", RegexOptions.IgnoreCase));
        foreach (Match reference in Regex.Matches(page, @"\s(src|href|srcset|action|data)=""([^""]*)"""))
            StringAssert.StartsWith(reference.Groups[2].Value, "data:image/png;base64,");
        StringAssert.Contains(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;");
    }

    [TestMethod]
    public void Text_out_of_models_and_policies_stays_text()
    {
        var page = HtmlPage.Of(AuditedReports.WithHostileText);
        StringAssert.Contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#x27;x&#x27;");
        Assert.DoesNotContain("\u202e", page);
        Assert.DoesNotContain("\u0007", page);
        Assert.DoesNotContain("x202E", page);
    }

    [TestMethod]
    public void A_name_as_long_as_a_model_is_cut()
    {
        var report = AuditedReports.WithoutCalibration with { Model = new string('m', 1_000_000) };
        Assert.IsLessThan(200_000, HtmlPage.Of(report).Length);
    }

    [TestMethod]
    public void A_failed_audit_says_so_first_and_shows_what_it_rests_on()
    {
        var report = AuditedReports.Failing;
        var page = HtmlPage.Of(report);
        StringAssert.Contains(page, "<span class=\"word\">Failed</span> <bdi>shapes-qcb-int8.onnx</bdi>");
        StringAssert.Contains(page, "do not ship it rounded that way.");
        Assert.IsLessThan(page.IndexOf("id=\"indicators\"", StringComparison.Ordinal), page.IndexOf("do not ship it", StringComparison.Ordinal));
        Assert.AreEqual(report.Indicators.Select(i => i.Name).Distinct().Count(), Regex.Count(page, "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">[A-Z]") - 2);
        foreach (var text in new[] { report.ModelSha256, report.CalibrationSha256!, report.Policy.Sha256, report.EngineVersion, "EFRAP3107" })
            StringAssert.Contains(page, text);
        foreach (var limit in report.Limits)
            StringAssert.Contains(page, limit);
        StringAssert.Contains(page, "full precision says <strong>class");
    }

    [TestMethod]
    public void A_quantized_model_is_told_from_its_source()
    {
        var page = HtmlPage.Of(AuditedReports.Failing with { Source = "original.onnx", SourceSha256 = new string('5', 64) });
        StringAssert.Contains(page, "This model, or the full-precision model that it was made from,");
        StringAssert.Contains(page, $"<th role=\"rowheader\" scope=\"row\">Full-precision original</th><td role=\"cell\"><bdi>original.onnx</bdi></td><td role=\"cell\" class=\"digest\">{new string('5', 64)}</td>");
    }

    [TestMethod]
    public void Of_many_layers_those_that_stand_out_are_shown_in_their_order()
    {
        var layer = AuditedReports.Clean.Layers[0];
        var many = Enumerable.Range(0, 100).Select(i => layer with
        {
            Name = $"layer-{i:D3}",
            Lattices = [.. Enumerable.Range(0, 6).Select(l => new AuditedLayerOnLattice($"lattice{l}") { ResidualShare = i % 10 == 7 ? 0.5 : 0.01 })],
        });
        var page = HtmlPage.Of(AuditedReports.Clean with { Layers = [.. many] });
        StringAssert.Contains(page, "These are the 30 layers with the largest shares; 70 more are in the JSON report.");
        var shown = Regex.Matches(page, "<bdi>layer-([0-9]{3})</bdi>").Select(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.HasCount(30, shown);
        CollectionAssert.AreEqual(shown.Order().ToArray(), shown);
        CollectionAssert.IsSubsetOf((int[])[7, 17, 97], shown);
    }

    [TestMethod]
    public void A_waiver_is_shown_with_its_reason_and_state()
    {
        StringAssert.Contains(HtmlPage.Of(AuditedReports.Waived), "a reviewer accepted that for a time");
        StringAssert.Contains(HtmlPage.Of(AuditedReports.Waived), "<td>R. Viewer</td><td>trained with fake quantization; ticket 4711</td>");
        StringAssert.Contains(HtmlPage.Of(AuditedReports.Expired), "<span class=\"label fail\">expired</span>");
    }

    [TestMethod]
    public void What_is_missing_is_no_sign_of_a_backdoor_but_no_pass_either()
    {
        var page = HtmlPage.Of(AuditedReports.WithoutCalibration);
        StringAssert.Contains(page, "The policy asks for something that could not be measured");
        StringAssert.Contains(page, "trigger-probe was not measured on int8-per-channel, int8-per-tensor, int4-per-channel, int4-per-tensor: there is no calibration data.");
        Assert.DoesNotContain("The most suspicious trigger", page);
    }

    [TestMethod]
    public void The_threshold_is_in_the_middle_of_every_axis()
    {
        Assert.AreEqual(2, FigureAxis.At(0, 0.5));
        Assert.AreEqual(2, FigureAxis.At(-1, 0.5));
        Assert.AreEqual(26, FigureAxis.At(0.25, 0.5));
        Assert.AreEqual(50, FigureAxis.At(0.5, 0.5));
        Assert.AreEqual(74, FigureAxis.At(1, 0.5));
        Assert.AreEqual(98, FigureAxis.At(double.PositiveInfinity, 0.5));
        Assert.AreEqual(string.Empty, FigureAxis.Draw(new IndicatorResult("agreement", "x", Verdict.NotMeasured) { Advice = "-" }).Source);
    }

    private static string Body(AuditReport report)
    {
        var page = HtmlPage.Of(report);
        return page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
    }

    [GeneratedRegex("</?(?<name>[A-Za-z][A-Za-z0-9]*)[^>]*>")]
    private static partial Regex Tag();
}
