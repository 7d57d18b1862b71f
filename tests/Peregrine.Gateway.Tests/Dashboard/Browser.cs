using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Gateway.Tests.Dashboard;

/// <summary>Chromium without a window, driven over its DevTools protocol (https://chromedevtools.github.io/devtools-protocol/). One page.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _pending = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private Task _receiving = Task.CompletedTask;
    private TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _last;

    private Browser(Process process, string profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>Where Chromium is; null where it is missing.</summary>
    internal static string? Program => Programs.Find("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    /// <summary>What went wrong in the page: exceptions, refusals of its policy, requests that failed.</summary>
    internal IReadOnlyCollection<string> Faults => _faults;

    /// <summary>The URLs that the page has asked for.</summary>
    internal IReadOnlyCollection<string> Requests => _requests;

    internal static async Task<Browser> StartAsync()
    {
        var profile = Directory.CreateTempSubdirectory("peregrine-browser-").FullName;
        var start = new ProcessStartInfo(Program!,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
            "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Browser(Process.Start(start)!, profile);
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _receiving;
        _process.Dispose();
        _socket.Dispose();
        await RunningGateway.UntilAsync(() => Task.FromResult(TryDelete(_profile)));
    }

    /// <summary>Opens a page, as wide as said, in light or dark.</summary>
    internal async Task OpenAsync(Uri url, int width, int height, bool dark)
    {
        await SizeAsync(width, height);
        await SendAsync("Emulation.setEmulatedMedia", $$"""{"features":[{"name":"prefers-color-scheme","value":"{{(dark ? "dark" : "light")}}"}]}""");
        Volatile.Write(ref _loaded, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await SendAsync("Page.navigate", $$"""{"url":"{{url}}"}""");
        await _loaded.Task.WaitAsync(RunningGateway.Patience);
    }

    internal Task SizeAsync(int width, int height) => SendAsync("Emulation.setDeviceMetricsOverride", $$"""{"width":{{width}},"height":{{height}},"deviceScaleFactor":1,"mobile":{{(width < 600 ? "true" : "false")}}}""");

    /// <summary>The value of an expression, as text.</summary>
    internal async Task<string> ReadAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true }.ToJsonString());
        Assert.True(answer["exceptionDetails"] is null, $"{expression}: {answer["exceptionDetails"]?.ToJsonString()}");
        return answer["result"]!["value"]?.ToString() ?? "";
    }

    /// <summary>Waits until an expression is true.</summary>
    internal Task UntilAsync(string expression) => RunningGateway.UntilAsync(async () => await ReadAsync($"Boolean({expression})") == "true");

    /// <summary>Clicks on what a selector finds, where it is.</summary>
    internal async Task ClickAsync(string selector)
    {
        var quoted = JsonValue.Create(selector)!.ToJsonString();
        await UntilAsync($"document.querySelector({quoted})");
        var place = JsonNode.Parse(await ReadAsync(
            $"(() => {{ const e = document.querySelector({quoted}); e.scrollIntoView({{ block: 'center' }}); const r = e.getBoundingClientRect(); return JSON.stringify({{ x: r.x + r.width / 2, y: r.y + r.height / 2 }}); }})()"))!;
        foreach (var kind in (string[])["mousePressed", "mouseReleased"])
        {
            await SendAsync("Input.dispatchMouseEvent", string.Create(CultureInfo.InvariantCulture, $$"""{"type":"{{kind}}","x":{{(double)place["x"]!}},"y":{{(double)place["y"]!}},"button":"left","clickCount":1}"""));
        }
    }

    /// <summary>Types into what has the focus.</summary>
    internal Task TypeAsync(string text) => SendAsync("Input.insertText", new JsonObject { ["text"] = text }.ToJsonString());

    /// <summary>Writes a picture of the whole page.</summary>
    internal async Task PictureAsync(string path)
    {
        var answer = await SendAsync("Page.captureScreenshot", """{"format":"png","captureBeyondViewport":true}""");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Convert.FromBase64String((string)answer["data"]!));
    }

    private static bool TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A process that is ending may still write.
            return !Directory.Exists(folder);
        }
    }

    private async Task ConnectAsync()
    {
        const string Mark = "DevTools listening on ";
        using var patience = new CancellationTokenSource(RunningGateway.Patience);
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                listening.TrySetException(new InvalidOperationException("Chromium has ended."));
            }
            else if (line.Data.StartsWith(Mark, StringComparison.Ordinal))
            {
                listening.TrySetResult(line.Data[Mark.Length..]);
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        var address = new Uri(await listening.Task.WaitAsync(patience.Token));
        using var http = new HttpClient();
        using var made = await http.PutAsync(new Uri($"http://{address.Authority}/json/new?about:blank"), null, patience.Token);
        var page = JsonNode.Parse(await made.Content.ReadAsStringAsync(patience.Token))!;
        await _socket.ConnectAsync(new Uri((string)page["webSocketDebuggerUrl"]!), patience.Token);
        _receiving = ReceiveAsync();
        foreach (var domain in (string[])["Page", "Runtime", "Log", "Network"])
        {
            await SendAsync(domain + ".enable", "{}");
        }
    }

    private async Task<JsonNode> SendAsync(string method, string parameters)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"id":{{id}},"method":"{{method}}","params":{{parameters}}}"""), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        var reply = await answer.Task.WaitAsync(RunningGateway.Patience);
        Assert.True(reply["error"] is null, $"{method}: {reply["error"]?.ToJsonString()}");
        return reply["result"]!;
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                message.Write(buffer, 0, received.Count);
                if (received.EndOfMessage)
                {
                    Take(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            foreach (var waiting in _pending.Values)
            {
                waiting.TrySetException(new InvalidOperationException("The connection to Chromium has ended."));
            }
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            if (_pending.TryRemove((int)id, out var waiting))
            {
                waiting.TrySetResult(message);
            }

            return;
        }

        var parameters = message["params"];
        switch ((string)message["method"]!)
        {
            case "Runtime.exceptionThrown":
                _faults.Enqueue(parameters!["exceptionDetails"]!.ToJsonString());
                break;
            case "Log.entryAdded" when (string)parameters!["entry"]!["level"]! == "error":
                _faults.Enqueue(parameters["entry"]!.ToJsonString());
                break;
            case "Page.loadEventFired":
                Volatile.Read(ref _loaded).TrySetResult();
                break;
            case "Network.requestWillBeSent":
                _requests.Enqueue((string)parameters!["request"]!["url"]!);
                break;
        }
    }
}
