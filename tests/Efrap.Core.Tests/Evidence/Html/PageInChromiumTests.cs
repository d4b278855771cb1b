using System.Text;
using Efrap.Core.Evidence;
using Efrap.Core.Evidence.Html;

namespace Efrap.Core.Tests.Evidence.Html;

/// <summary>What a browser makes of the page. Skipped where there is no Chromium.</summary>
[TestClass]
public sealed class PageInChromiumTests : IDisposable
{
    // Text on what lies behind it, by the formula of WCAG 2: the smallest ratio, and where it is.
    private const string LeastContrast = """
        (() => {
          const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
          const parse = c => c.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
          let least = [99, ''];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const e = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || e.closest('svg, style')) continue;
            const [a, b] = [luminance(parse(getComputedStyle(e).color)), luminance(behind(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < least[0]) least = [ratio, e.outerHTML.slice(0, 200)];
          }
          return least;
        })()
        """;

    private const string Overflowing = """
        [...document.querySelectorAll('body *')].filter(e => !e.closest('.wide') && !e.closest('svg') && e.getBoundingClientRect().right > innerWidth + 0.5)
          .map(e => e.outerHTML.slice(0, 100)).slice(0, 3).concat(document.documentElement.scrollWidth > innerWidth ? ['the page is ' + document.documentElement.scrollWidth] : [])
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task It_fits_every_width_can_be_read_in_both_colours_and_asks_for_nothing()
    {
        await using var browser = await Chromium.Start();
        foreach (var (name, report) in AuditedReports.All)
        {
            var path = Write(name, report());
            foreach (var (width, dark) in new[] { (360, false), (360, true), (700, false), (1400, false), (1400, true) })
            {
                await browser.Open(path, width, dark);
                await browser.Evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
                var where = $"{name}, {width} pixels, {(dark ? "dark" : "light")}";
                Assert.AreEqual("[]", (await browser.Evaluate(Overflowing))!.ToJsonString(), where);
                var contrast = await browser.Evaluate(LeastContrast);
                Assert.IsGreaterThanOrEqualTo(4.5, (double)contrast![0]!, $"{where}: {contrast[1]}");

                foreach (var told in browser.Events)
                {
                    var method = (string)told["method"]!;
                    Assert.IsFalse(method is "Log.entryAdded" or "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Page.javascriptDialogOpening", told.ToJsonString());
                    if (method == "Network.requestWillBeSent")
                    {
                        var asked = (string)told["params"]!["request"]!["url"]!;
                        Assert.IsTrue(asked == new Uri(path).AbsoluteUri || asked.StartsWith("data:image/png;base64,", StringComparison.Ordinal), asked);
                    }
                }
            }
        }
    }

    [TestMethod]
    public async Task The_trigger_is_drawn_on_a_sample()
    {
        await using var browser = await Chromium.Start();
        await browser.Open(Write("failing", AuditedReports.Failing), 1400, dark: false);
        const string sizes = """
            Promise.all([...document.querySelectorAll('svg.sample image')].map(async e => { const i = new Image(); i.src = e.href.baseVal; await i.decode(); return i.naturalWidth + 'x' + i.naturalHeight; }))
            """;
        Assert.AreEqual("[\"32x32\",\"32x32\"]", (await browser.Evaluate(sizes))!.ToJsonString());
        Assert.AreEqual(1, (int)(await browser.Evaluate("document.querySelectorAll('svg.sample rect.frame').length"))!);
    }

    [TestMethod]
    public async Task It_prints_on_a_few_pages_of_paper()
    {
        await using var browser = await Chromium.Start();
        await browser.Open(Write("failing", AuditedReports.Failing), 1400, dark: true);
        var pdf = Encoding.Latin1.GetString(await browser.Print());
        StringAssert.StartsWith(pdf, "%PDF-");
        Assert.IsInRange(2, 5, pdf.Split("/Type /Page\n").Length - 1);
    }

    [TestMethod]
    public async Task A_script_in_a_name_does_not_run()
    {
        await using var browser = await Chromium.Start();
        await browser.Open(Write("hostile", AuditedReports.WithHostileText), 1400, dark: false);
        Assert.AreEqual(0, (int)(await browser.Evaluate("document.scripts.length"))!);
        Assert.Contains("<script>alert(1)</script>", (string)(await browser.Evaluate("document.querySelector('h1').textContent.replace('-script', '/script')"))!);
    }

    private string Write(string name, AuditReport report)
    {
        using var page = new MemoryStream();
        HtmlPage.Write(report, page);
        return _folder.Write($"{name}.html", page.ToArray());
    }
}
