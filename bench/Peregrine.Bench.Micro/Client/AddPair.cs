using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Peregrine.Client;
using Peregrine.Observability.Scheduling;
using Peregrine.Protocol.Versions;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

namespace Peregrine.Bench.Micro.Client;

/// <summary>Client and server in one process, over in-memory streams, and <c>add(1,2)</c> between them: ours and those of the official SDK.</summary>
internal static class AddPair
{
    private static readonly byte[] Arguments = """{"a":1,"b":2}"""u8.ToArray();
    private static readonly Dictionary<string, object?> OfficialArguments = new() { ["a"] = 1, ["b"] = 2 };

    /// <summary>Connects our pair.</summary>
    /// <returns>Makes one call and gives the sum.</returns>
    internal static async Task<Func<ValueTask<int>>> ConnectOursAsync(ProtocolEra era)
    {
        var server = PeregrineServer.CreateBuilder("bench", "1").AddTools(new AddTools()).Build();
        var (client, ends) = InMemoryStreams.Create();
        _ = StreamServer.ServeAsync(server, ends.Input, ends.Output, null, ThreadPoolScheduler.Instance, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var connection = DuplexConnection.Start(client.Input, client.Output, "in process");
        var ours = await PeregrineClient.ConnectAsync(connection, new PeregrineClientOptions { Era = era });
        return async () =>
        {
            using var result = await ours.CallToolAsync("add", Arguments);
            return result.GetText()[0] - '0';
        };
    }

    /// <summary>Connects the official pair.</summary>
    /// <returns>Makes one call and gives the sum.</returns>
    internal static async Task<Func<ValueTask<int>>> ConnectOfficialAsync()
    {
        var (client, ends) = InMemoryStreams.Create();
        var server = McpServer.Create(
            new StreamServerTransport(ends.Input, ends.Output),
            new McpServerOptions
            {
                ServerInfo = new() { Name = "bench", Version = "1" },
                ScopeRequests = false,
                ToolCollection = [McpServerTool.Create((int a, int b) => a + b, new() { Name = "add" })],
            });
        _ = server.RunAsync();
        var official = await McpClient.CreateAsync(new StreamClientTransport(client.Output, client.Input));
        return async () =>
        {
            var result = await official.CallToolAsync("add", OfficialArguments);
            return ((TextContentBlock)result.Content[0]).Text[0] - '0';
        };
    }
}
