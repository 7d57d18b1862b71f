using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Interop.Tests.Processes;

/// <summary>A call that is certainly running: its server has told of its progress.</summary>
internal sealed class RunningCall : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _events;

    private RunningCall(HttpResponseMessage response, StreamReader events)
    {
        _response = response;
        _events = events;
    }

    /// <summary>Calls the sample server's <c>stream</c>, which goes on for seconds, and waits for its first progress.</summary>
    internal static async Task<RunningCall> StartAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        request.Content = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"stream","arguments":{"count":1000000},"_meta":{"progressToken":1}}}""", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var call = new RunningCall(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        Assert.Equal("notifications/progress", (string)(await call.ReadAsync())["method"]!);
        return call;
    }

    /// <summary>Waits for the reply.</summary>
    internal async Task<JsonNode> EndAsync()
    {
        while (true)
        {
            if (await ReadAsync() is var message && message["id"] is not null)
            {
                return message;
            }
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        _response.Dispose();
    }

    private async Task<JsonNode> ReadAsync()
    {
        while (await _events.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return JsonNode.Parse(line[5..])!;
            }
        }

        throw new InvalidOperationException("The events ended without a reply.");
    }
}
