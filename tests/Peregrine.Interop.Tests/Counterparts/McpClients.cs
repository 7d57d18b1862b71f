using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>The clients of others, each doing the same: connect, list all tools, make the calls, end.</summary>
internal static class McpClients
{
    internal const string TypeScriptV1 = "TypeScript v1";
    internal const string TypeScriptV1Sse = "TypeScript v1, HTTP+SSE";
    internal const string TypeScriptV2Session = "TypeScript v2, session era";
    internal const string TypeScriptV2Stateless = "TypeScript v2, stateless era";
    internal const string TypeScriptV2Automatic = "TypeScript v2, automatic";
    internal const string CSharp = "C#";
    internal const string CSharpSse = "C#, HTTP+SSE";
    internal const string CSharpSession = "C#, session era";

    private const string LastOfSessionEra = "2025-11-25";
    private const string Stateless = "2026-07-28";

    /// <summary>Every client and the revision that it must come to speak.</summary>
    internal static TheoryData<string, string> All { get; } = new()
    {
        { TypeScriptV1, LastOfSessionEra },
        { TypeScriptV2Session, LastOfSessionEra },
        { TypeScriptV2Stateless, Stateless },
        { TypeScriptV2Automatic, Stateless },
        { CSharp, Stateless },
        { CSharpSession, LastOfSessionEra },
    };

    /// <summary>The clients that can still speak HTTP+SSE, and the revision that they speak over it.</summary>
    internal static TheoryData<string, string> OverSse { get; } = new() { { TypeScriptV1Sse, LastOfSessionEra }, { CSharpSse, LastOfSessionEra } };

    internal static Task<Conversation> TalkAsync(string client, McpAddress address, params ToolRequest[] calls) => client switch
    {
        TypeScriptV1 => RunScriptAsync("v1-client.mjs", null, address, calls),
        TypeScriptV1Sse => RunScriptAsync("v1-client.mjs", "sse", address, calls),
        TypeScriptV2Session => RunScriptAsync("v2-client.mjs", "session", address, calls),
        TypeScriptV2Stateless => RunScriptAsync("v2-client.mjs", "stateless", address, calls),
        TypeScriptV2Automatic => RunScriptAsync("v2-client.mjs", "auto", address, calls),
        CSharp => RunCSharpAsync(null, address, calls),
        CSharpSession => RunCSharpAsync(LastOfSessionEra, address, calls),
        CSharpSse => RunCSharpAsync(LastOfSessionEra, address, calls, HttpTransportMode.Sse),
        _ => throw new ArgumentOutOfRangeException(nameof(client), client, "no such client"),
    };

    private static async Task<Conversation> RunScriptAsync(string script, string? era, McpAddress address, ToolRequest[] calls)
    {
        NpmPackages.Require();
        var request = JsonSerializer.Serialize(new
        {
            url = address.Url,
            command = address.Command,
            args = address.Arguments,
            era,
            calls = calls.Select(static call => new { name = call.Name, arguments = call.Arguments }),
        });
        var result = await StartedProgram.RunAsync("node", [Path.Combine(NpmPackages.Folder, script), request]);
        Assert.True(result.ExitCode == 0, result.ToString());
        var report = JsonNode.Parse(result.Output)!;
        return new Conversation(
            (string?)report["server"]?["name"],
            (string?)report["version"],
            [.. report["tools"]!.AsArray().Select(static tool => (string)tool!)],
            [.. report["results"]!.AsArray().Select(static reply => new ToolReply(
                reply!["result"],
                (int?)reply["error"]?["code"],
                (string?)reply["error"]?["message"],
                [.. reply["progress"]!.AsArray().Select(static value => (double)value!)]))]);
    }

    private static async Task<Conversation> RunCSharpAsync(string? version, McpAddress address, ToolRequest[] calls,
        HttpTransportMode mode = HttpTransportMode.StreamableHttp)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        IClientTransport transport = address.Url is { } url
            ? new HttpClientTransport(new HttpClientTransportOptions { Endpoint = url, TransportMode = mode })
            : new StdioClientTransport(new StdioClientTransportOptions { Command = address.Command!, Arguments = [.. address.Arguments] });
        var options = new McpClientOptions { ClientInfo = new Implementation { Name = "csharp", Version = "1.0.0" }, ProtocolVersion = version };
        await using var client = await McpClient.CreateAsync(transport, options, cancellationToken: patience.Token);
        var tools = await client.ListToolsAsync(cancellationToken: patience.Token);
        List<ToolReply> replies = [];
        foreach (var call in calls)
        {
            var progress = new SeenProgress();
            try
            {
                var result = await client.CallToolAsync(call.Name, call.Arguments, progress, cancellationToken: patience.Token);
                replies.Add(new ToolReply(JsonSerializer.SerializeToNode(result, McpJsonUtilities.DefaultOptions), null, null, progress.Values));
            }
            catch (McpProtocolException exception)
            {
                replies.Add(new ToolReply(null, (int)exception.ErrorCode, exception.Message, progress.Values));
            }
        }

        return new Conversation(client.ServerInfo?.Name, client.NegotiatedProtocolVersion, [.. tools.Select(static tool => tool.Name)], replies);
    }

    private sealed class SeenProgress : IProgress<ProgressNotificationValue>
    {
        private readonly Lock _gate = new();
        private readonly List<double> _values = [];

        internal IReadOnlyList<double> Values
        {
            get
            {
                lock (_gate)
                {
                    return [.. _values];
                }
            }
        }

        public void Report(ProgressNotificationValue value)
        {
            lock (_gate)
            {
                _values.Add(value.Progress);
            }
        }
    }
}
