using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Interop.Tests.Drills;

/// <summary>Steady load on a gateway: a few workers for each route, each with one call at a time, and a note of everything that came of it.</summary>
internal sealed class DrillLoad : IAsyncDisposable
{
    private const int WorkersPerRoute = 2;

    // Between the attempts of a call with a key; and how many there are before its outcome counts as unknown.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private const int MaxAttempts = 150;

    // Far longer than the gateway's own limit: whoever runs into this was not answered.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<DrillCall> _calls = new();
    private readonly ConcurrentDictionary<string, bool> _keys = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _workers = [];
    // Connections that were needed for a while, when many calls came back at once, end soon: they would count as the gateway's.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Patience };

    /// <summary>Time since the load began.</summary>
    internal TimeSpan Now => _clock.Elapsed;

    /// <summary>Every call that has ended.</summary>
    internal IReadOnlyList<DrillCall> Calls => [.. _calls];

    /// <summary>Calls with keys that have ended: true where a result came, false where nobody knows.</summary>
    internal IReadOnlyDictionary<string, bool> Keys => _keys;

    /// <summary>Begins to call a route.</summary>
    internal void Add(DrillRoute route, Uri endpoint)
    {
        for (var worker = 0; worker < WorkersPerRoute; worker++)
        {
            // Every other one speaks the other era.
            var stateless = worker % 2 == 1;
            _workers.Add(Task.Run(() => WorkAsync(route, endpoint, stateless)));
        }
    }

    /// <summary>Begins a call with a key that stays with its server for as long as is said, and repeats it as every other is repeated.</summary>
    /// <param name="route">The tool.</param>
    /// <param name="endpoint">The gateway.</param>
    /// <param name="when">"before" or "after": when the tool waits, as seen from what it does.</param>
    /// <param name="time">How long.</param>
    /// <param name="stateless">True for the stateless era.</param>
    internal Task HoldAsync(DrillRoute route, Uri endpoint, string when, TimeSpan time, bool stateless) =>
        Task.Run(() => CallUntilKnownAsync(route, endpoint, route.NextText(), stateless, string.Create(CultureInfo.InvariantCulture, $",\"{when}\":{time.TotalMilliseconds}")));

    /// <summary>Ends the load; calls in flight come to their end.</summary>
    internal async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers).WaitAsync(Patience + Patience);
        _workers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task WorkAsync(DrillRoute route, Uri endpoint, bool stateless)
    {
        using var pace = new PeriodicTimer(route.Pace);
        while (!_stopping.IsCancellationRequested)
        {
            var text = route.NextText();
            if (route.IsKeyed)
            {
                await CallUntilKnownAsync(route, endpoint, text, stateless);
            }
            else
            {
                await CallAsync(route, endpoint, text, 0, stateless);
            }

            await pace.WaitForNextTickAsync();
        }
    }

    private async Task CallUntilKnownAsync(DrillRoute route, Uri endpoint, string key, bool stateless, string hold = "")
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var call = await CallAsync(route, endpoint, key, attempt, stateless, hold);
            if (call.Code == 0)
            {
                _keys[key] = true;
                return;
            }

            if (call.Text.StartsWith("Outcome unknown", StringComparison.Ordinal))
            {
                // The server's ledger says so, and will say the same next time.
                break;
            }

            await Task.Delay(Pause);
        }

        _keys[key] = false;
    }

    private async Task<DrillCall> CallAsync(DrillRoute route, Uri endpoint, string text, int attempt, bool stateless, string hold = "")
    {
        var begun = _clock.Elapsed;
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(route.Body(text, attempt, stateless, hold), Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", stateless ? "2026-07-28" : "2025-11-25");
        if (stateless)
        {
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", route.Tool);
        }

        var (code, words) = await AskAsync(request, text);
        var call = new DrillCall(route.Name, begun, _clock.Elapsed - begun, code, words);
        _calls.Enqueue(call);
        return call;
    }

    private async Task<(int Code, string Words)> AskAsync(HttpRequestMessage request, string expected)
    {
        try
        {
            using var response = await _http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                body = body.Split('\n').LastOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal))?[5..] ?? "";
            }

            return Judge(body, expected);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (DrillCall.Lost, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return (DrillCall.Wrong, "no answer");
        }
    }

    private static (int Code, string Words) Judge(string body, string expected)
    {
        try
        {
            var reply = JsonNode.Parse(body)!;
            if (reply["error"] is { } error)
            {
                return ((int)error["code"]!, (string)error["message"]!);
            }

            var text = (string?)reply["result"]?["content"]?[0]?["text"] ?? "";
            return text.StartsWith(expected, StringComparison.Ordinal) ? (0, "") : (DrillCall.Wrong, body);
        }
        catch (System.Text.Json.JsonException)
        {
            return (DrillCall.Wrong, body);
        }
    }
}
