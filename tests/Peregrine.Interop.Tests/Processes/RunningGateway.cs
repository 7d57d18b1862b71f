using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Interop.Tests.Processes;

/// <summary>A process that serves MCP over HTTP, <c>peregrine up</c> or <c>peregrine serve</c>, on a port of its own choice.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly TemporaryFolder _folder;

    private RunningGateway(StartedProgram program, Uri address, TemporaryFolder folder)
    {
        Program = program;
        Address = address;
        _folder = folder;
        _http = new HttpClient { BaseAddress = address };
    }

    internal StartedProgram Program { get; }

    internal Uri Address { get; }

    internal Uri Endpoint => new(Address, "/mcp");

    /// <summary>Starts the gateway with a configuration file of this content.</summary>
    internal static Task<RunningGateway> StartAsync(string configuration)
    {
        var folder = new TemporaryFolder();
        return StartAsync(folder, ["up", "--config", folder.Write("gateway.json", configuration)]);
    }

    /// <summary>Starts the gateway or the sample server with these words.</summary>
    internal static Task<RunningGateway> StartPlainAsync(params string[] arguments) => StartAsync(new TemporaryFolder(), arguments);

    internal async Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> GetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    /// <summary>What the page shows of one upstream.</summary>
    internal async Task<JsonNode> UpstreamAsync(string name) =>
        JsonNode.Parse((await GetAsync("/api/status")).Body)!["upstreams"]!.AsArray().Single(upstream => (string)upstream!["name"]! == name)!;

    internal Task WaitUntilUpAsync(string name) => Patience.UntilAsync(async () => (string)(await UpstreamAsync(name))["state"]! == "ready", describe: () => Program.Error);

    /// <summary>Sends a request of the session era without a session, and gives the reply.</summary>
    internal async Task<JsonNode> SendAsync(string method, string parameters, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint);
        request.Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        using var response = await _http.SendAsync(request, cancellationToken);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
    }

    internal Task<JsonNode> CallAsync(string tool, string arguments = "{}") => SendAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""");

    /// <summary>A call that is certainly running; for gateways with the sample server behind them.</summary>
    internal Task<RunningCall> StartCallAsync() => RunningCall.StartAsync(_http);

    internal async Task<IReadOnlyList<string>> ListAsync() =>
        [.. (await SendAsync("tools/list", "{}"))["result"]!["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!)];

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private static async Task<RunningGateway> StartAsync(TemporaryFolder folder, string[] arguments)
    {
        var program = StartedProgram.Start(Programs.Peregrine, [.. arguments, "--urls", "http://127.0.0.1:0"]);
        var line = await program.WaitForErrorLineAsync("MCP at ");
        var address = line["MCP at ".Length..].Split(['/', ','], StringSplitOptions.RemoveEmptyEntries)[1];
        return new RunningGateway(program, new Uri("http://" + address), folder);
    }
}
