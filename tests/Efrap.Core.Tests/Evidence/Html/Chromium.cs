using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Efrap.Core.Tests.Evidence.Html;

/// <summary>A headless Chromium with one empty page, driven over its DevTools protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] _names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly TemporaryFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonNode> _events = [];
    private int _calls;

    private Chromium(Process process, TemporaryFolder profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>What the page has told since it was opened: requests, messages on the console, exceptions.</summary>
    public IReadOnlyList<JsonNode> Events => _events;

    /// <summary>Starts it; the test is skipped where there is none.</summary>
    public static async Task<Chromium> Start()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        var program = _names.SelectMany(n => folders.Select(f => Path.Combine(f, n))).FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Inconclusive($"needs a Chromium: none of {string.Join(", ", _names)} is on the PATH");

        var profile = new TemporaryFolder();
        // The sandbox wants rights that containers rarely have; the page is the test's own.
        var start = new ProcessStartInfo(
            program!, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Chromium(Process.Start(start)!, profile);
        using var http = new HttpClient { Timeout = _patience };
        var pages = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{await browser.Port()}/json")))!.AsArray();
        using var patience = new CancellationTokenSource(_patience);
        await browser._socket.ConnectAsync(new Uri((string)pages.First(p => (string?)p!["type"] == "page")!["webSocketDebuggerUrl"]!), patience.Token);
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            await browser.Call($"{domain}.enable");
        return browser;
    }

    /// <summary>Opens a file and waits until it is loaded.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">The width of the window, in pixels.</param>
    /// <param name="dark">Whether the reader prefers dark pages.</param>
    public async Task Open(string path, int width, bool dark)
    {
        await Call("Emulation.setDeviceMetricsOverride", new { width, height = 800, deviceScaleFactor = 1, mobile = false });
        await Call("Emulation.setEmulatedMedia", new { media = "screen", features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
        _events.Clear();
        await Call("Page.navigate", new { url = new Uri(path).AbsoluteUri });
        while (!_events.Any(e => (string?)e["method"] == "Page.loadEventFired"))
            await Receive();
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> Evaluate(string expression)
    {
        var answer = await Call("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        Assert.IsNull(answer["exceptionDetails"], answer.ToJsonString());
        return answer["result"]!["value"];
    }

    /// <summary>The page as a PDF.</summary>
    public async Task<byte[]> Print() =>
        Convert.FromBase64String((string)(await Call("Page.printToPDF", new { paperWidth = 8.27, paperHeight = 11.69 }))["data"]!);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task<JsonNode> Call(string method, object? parameters = null)
    {
        var id = ++_calls;
        using var patience = new CancellationTokenSource(_patience);
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters ?? new { } }), WebSocketMessageType.Text, true, patience.Token);
        JsonNode message;
        do
            message = await Receive();
        while ((int?)message["id"] != id);
        Assert.IsNull(message["error"], $"{method}: {message.ToJsonString()}");
        return message["result"]!;
    }

    private async Task<JsonNode> Receive()
    {
        using var patience = new CancellationTokenSource(_patience);
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var message = JsonNode.Parse(text.ToArray())!;
        if (message["method"] is not null)
            _events.Add(message);
        return message;
    }

    private async Task<int> Port()
    {
        using var patience = new CancellationTokenSource(_patience);
        var told = new StringBuilder();
        while (await _process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            told.AppendLine(line);
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal))
            {
                // What it says from here on is of no interest, but somebody must take it.
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                return new Uri(line["DevTools listening on ".Length..]).Port;
            }
        }

        throw new InvalidOperationException($"Chromium ended: {told}");
    }
}
