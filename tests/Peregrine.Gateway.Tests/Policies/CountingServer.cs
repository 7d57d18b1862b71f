using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Tests.Serving;
using Peregrine.Server;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Policies;

/// <summary>
/// A server of our own on a real port that counts what reaches it. <c>get</c> only reads: it answers with the value, the arguments and how often it ran; <c>put</c> sets the value; <c>wait</c> only
/// reads, and ends when the test lets it. The resource <c>memo://value</c> is the value.
/// </summary>
internal sealed class CountingServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _runs = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _value = "0";
    private HttpServer _http = null!;

    private CountingServer(string name, bool keepsKeys, TimeSpan resourceTime, McpCacheScope scope)
    {
        Name = name;
        var builder = PeregrineServer.CreateBuilder(name, "1")
            .UseLedger(options => options with { IsOn = keepsKeys })
            .AddTool(Tool("get", readOnly: true), call => Answer(call, "get", $"{Volatile.Read(ref _value)} {Text(call)} {Count("get")}"))
            .AddTool(Tool("who", readOnly: true), call => Answer(call, "who", Name))
            .AddTool(Tool("put", readOnly: false), call =>
            {
                Volatile.Write(ref _value, (string)JsonNode.Parse(call.RawArguments.Span)!["value"]!);
                return Answer(call, "put", $"put {Count("put")}");
            })
            .AddTool(Tool("wait", readOnly: true), async call =>
            {
                var run = Count("wait");
                await _gate.Task.WaitAsync(call.CancellationToken);
                call.ReturnText($"waited {run}");
            })
            .AddResource(new McpResourceDefinition { Uri = "memo://value", Name = "value", TimeToLive = resourceTime, CacheScope = scope }, (_, _) =>
            {
                Count("read");
                return ValueTask.FromResult(McpResourceResult.From(McpResourceContents.FromText("memo://value", Volatile.Read(ref _value))));
            });
        Server = builder.Build();
    }

    internal string Name { get; }

    internal PeregrineServer Server { get; }

    internal string Url => _http.Endpoint.ToString();

    internal static async Task<CountingServer> StartAsync(
        string name = "counting", bool keepsKeys = false, TimeSpan resourceTime = default, McpCacheScope scope = McpCacheScope.Private, string url = "http://127.0.0.1:0")
    {
        var server = new CountingServer(name, keepsKeys, resourceTime, scope);
        server._http = await HttpServer.StartAsync(server.Server, url);
        return server;
    }

    /// <summary>How often something ran.</summary>
    internal int Runs(string what) => _runs.GetValueOrDefault(what);

    /// <summary>Lets every <c>wait</c> end.</summary>
    internal void Release() => _gate.TrySetResult();

    /// <summary>Sets the value without a call, and says that the resource was updated.</summary>
    internal void Change(string value)
    {
        Volatile.Write(ref _value, value);
        Server.NotifyResourceUpdated("memo://value");
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await _http.DisposeAsync();
    }

    private static McpToolDefinition Tool(string name, bool readOnly) => new() { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray(), ReadOnly = readOnly };

    private static string Text(McpCall call) => System.Text.Encoding.UTF8.GetString(call.RawArguments.Span);

    private static ValueTask Answer(McpCall call, string name, string text)
    {
        call.ReturnText(text);
        return default;
    }

    private string Count(string what) => _runs.AddOrUpdate(what, 1, static (_, count) => count + 1).ToString(CultureInfo.InvariantCulture);
}
