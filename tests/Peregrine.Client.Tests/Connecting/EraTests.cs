using System.Text.Json;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Connecting;

public sealed class EraTests
{
    private const string Initialized = """
        "result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1","title":"S"},"instructions":"be kind"}
        """;

    private const string Discovered = """
        "result":{"supportedVersions":["2025-11-25","2026-07-28","2027-01-01"],"capabilities":{"tools":{}},"instructions":"be quick","resultType":"complete","ttlMs":0,"cacheScope":"public",
        "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"m","version":"2"}}}
        """;

    [Fact]
    public async Task A_server_of_the_stateless_era_needs_no_handshake()
    {
        var server = new ScriptedServer((method, _) => method == "server/discover" ? OneLine(Discovered) : "\"result\":{\"tools\":[]}");
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Name = "n\"ame", Version = "9" }).Soon();
        Assert.Equal(ProtocolEra.Stateless, client.Era);
        Assert.Equal(ProtocolVersion.V2026_07_28, client.ProtocolVersion);
        Assert.Equal(new ServerInfo("m", "2", null), client.ServerInfo);
        Assert.Equal("be quick", client.Instructions);
        Assert.False(client.ServerCapabilities.IsEmpty);
        Assert.Empty(await client.ListToolsAsync().Soon());
        await client.PingAsync().Soon();
        Assert.Equal(["server/discover", "tools/list", "server/discover"], server.Methods);
        foreach (var message in server.Messages)
        {
            var meta = message.GetProperty("params").GetProperty("_meta");
            Assert.Equal("2026-07-28", meta.GetProperty("io.modelcontextprotocol/protocolVersion").GetString());
            Assert.Equal("n\"ame", meta.GetProperty("io.modelcontextprotocol/clientInfo").GetProperty("name").GetString());
            Assert.Equal(JsonValueKind.Object, meta.GetProperty("io.modelcontextprotocol/clientCapabilities").ValueKind);
        }
    }

    [Theory]
    [InlineData("\"error\":{\"code\":-32601,\"message\":\"Method not found\"}")]
    [InlineData("\"error\":{\"code\":-32602,\"message\":\"Invalid request parameters\"}")]
    [InlineData("\"error\":{\"code\":-32000,\"message\":\"Not initialized\"}")]
    [InlineData("\"error\":{\"code\":-32022,\"message\":\"Unsupported\",\"data\":{\"supported\":[\"2025-11-25\",\"2024-11-05\",\"2023-01-01\",7]}}")]
    [InlineData("\"result\":{\"supportedVersions\":[\"2025-11-25\"]}")]
    [InlineData("\"result\":{}")]
    public async Task Anything_else_leads_to_the_handshake(string answer)
    {
        var server = new ScriptedServer((method, _) => method switch
        {
            "server/discover" => answer,
            "initialize" => OneLine(Initialized),
            "ping" => "\"result\":{}",
            _ => null,
        });
        await using var client = await PeregrineClient.ConnectAsync(server.Connection).Soon();
        await client.PingAsync().Soon();
        Assert.Equal(ProtocolEra.Session, client.Era);
        Assert.Equal(ProtocolVersion.V2025_11_25, client.ProtocolVersion);
        Assert.Equal(new ServerInfo("s", "1", "S"), client.ServerInfo);
        Assert.Equal("be kind", client.Instructions);
        Assert.Equal(["server/discover", "initialize", "notifications/initialized", "ping"], server.Methods);
        Assert.Equal("2025-11-25", server.Messages[1].GetProperty("params").GetProperty("protocolVersion").GetString());
        Assert.False(server.Messages[3].TryGetProperty("params", out _));
    }

    [Theory]
    [InlineData("\"error\":{\"code\":-32020,\"message\":\"m\"}")]
    [InlineData("\"error\":{\"code\":-32021,\"message\":\"m\"}")]
    [InlineData("\"error\":{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"2026-07-28\",\"2025-11-25\"]}}")]
    public async Task Errors_that_only_the_stateless_era_has_tell_it(string answer)
    {
        var server = new ScriptedServer((_, _) => answer);
        await using var client = await PeregrineClient.ConnectAsync(server.Connection).Soon();
        Assert.Equal(ProtocolEra.Stateless, client.Era);
        Assert.Null(client.ServerInfo);
        Assert.Equal(["server/discover"], server.Methods);
    }

    [Fact]
    public async Task Without_a_common_revision_connecting_fails()
    {
        var server = new ScriptedServer((_, _) => "\"error\":{\"code\":-32022,\"message\":\"only 2027\",\"data\":{\"supported\":[\"2027-01-01\"]}}");
        Assert.Equal("only 2027", (await Assert.ThrowsAsync<McpPeerException>(() => PeregrineClient.ConnectAsync(server.Connection).Soon())).Message);
        await server.Running.Soon();
        server = new ScriptedServer((_, _) => "\"result\":{\"supportedVersions\":[\"2027-01-01\"]}");
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => PeregrineClient.ConnectAsync(server.Connection).Soon());
        Assert.Equal(TransportFault.InvalidReply, exception.Fault);

        // The connection was closed.
        await server.Running.Soon();
    }

    [Theory]
    [InlineData("2024-11-05", ProtocolVersion.V2024_11_05)]
    [InlineData("2025-03-26", ProtocolVersion.V2025_03_26)]
    [InlineData("2025-06-18", ProtocolVersion.V2025_06_18)]
    [InlineData("2026-07-28", ProtocolVersion.Unknown)]
    [InlineData("1999-01-01", ProtocolVersion.Unknown)]
    public async Task An_older_version_that_the_server_names_is_taken(string named, ProtocolVersion expected)
    {
        var server = new ScriptedServer((method, _) => method == "initialize" ? $$$"""
            "result":{"protocolVersion":"{{{named}}}","capabilities":{},"serverInfo":{"name":"s","version":"1"}}
            """.Trim() : null);
        var connecting = PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Era = ProtocolEra.Session });
        if (expected == ProtocolVersion.Unknown)
        {
            Assert.Contains(named, (await Assert.ThrowsAsync<McpTransportException>(() => connecting.Soon())).Message, StringComparison.Ordinal);
            return;
        }

        await using var client = await connecting.Soon();
        Assert.Equal(expected, client.ProtocolVersion);
        Assert.Equal(expected, client.Connection.Version);
    }

    [Fact]
    public async Task A_server_that_refuses_the_version_is_asked_for_one_it_supports()
    {
        var server = new ScriptedServer((method, parameters) => method switch
        {
            "initialize" when parameters.GetProperty("protocolVersion").GetString() == "2025-03-26" => OneLine(Initialized.Replace("2025-11-25", "2025-03-26", StringComparison.Ordinal)),
            "initialize" => "\"error\":{\"code\":-32602,\"message\":\"version\",\"data\":{\"supported\":[\"2026-07-28\",\"2025-03-26\"],\"requested\":\"x\"}}",
            _ => null,
        });
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Era = ProtocolEra.Session }).Soon();
        Assert.Equal(ProtocolVersion.V2025_03_26, client.ProtocolVersion);
    }

    [Fact]
    public async Task Silence_for_the_time_of_the_probe_leads_to_the_handshake()
    {
        var time = new ManualTime();
        var server = new ScriptedServer((method, _) => method == "initialize" ? OneLine(Initialized) : null, new DuplexConnectionOptions { TimeProvider = time });
        var connecting = PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { TimeProvider = time, ProbeTimeout = TimeSpan.FromSeconds(2) }).Soon();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(2));
        await using var client = await connecting;
        Assert.Equal(ProtocolEra.Session, client.Era);
        Assert.Equal(["server/discover", "notifications/cancelled", "initialize"], server.Methods.Take(3));
    }

    [Fact]
    public async Task A_stateless_server_that_was_slow_to_start_is_asked_again()
    {
        var time = new ManualTime();
        var probes = 0;
        var server = new ScriptedServer(
            (method, _) => method switch
            {
                "server/discover" => ++probes == 1 ? null : OneLine(Discovered),
                "initialize" => "\"error\":{\"code\":-32601,\"message\":\"gone\"}",
                _ => null,
            },
            new DuplexConnectionOptions { TimeProvider = time });
        var connecting = PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { TimeProvider = time }).Soon();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));
        await using var client = await connecting;
        Assert.Equal(ProtocolEra.Stateless, client.Era);
        Assert.Equal(2, probes);
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_at_the_connect_timeout()
    {
        var time = new ManualTime();
        var server = new ScriptedServer((_, _) => null, new DuplexConnectionOptions { TimeProvider = time });
        var connecting = PeregrineClient.ConnectAsync(
            server.Connection, new PeregrineClientOptions { TimeProvider = time, Era = ProtocolEra.Session, ConnectTimeout = TimeSpan.FromSeconds(9) }).Soon();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(9));
        time.Advance(TimeSpan.FromSeconds(9));
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => connecting);
        Assert.Equal(TransportFault.TimedOut, exception.Fault);
        Assert.Contains("ConnectTimeout", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_connecting_and_closes_the_connection()
    {
        var server = new ScriptedServer((_, _) => null);
        using var cancel = new CancellationTokenSource();
        var connecting = PeregrineClient.ConnectAsync(server.Connection, cancellationToken: cancel.Token).Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        await server.Running.Soon();
    }

    [Fact]
    public async Task An_era_that_is_demanded_is_not_given_up()
    {
        var server = new ScriptedServer((_, _) => "\"error\":{\"code\":-32601,\"message\":\"no\"}");
        var exception = await Assert.ThrowsAsync<McpTransportException>(
            () => PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Era = ProtocolEra.Stateless }).Soon());
        Assert.Contains("does not speak the stateless era", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["server/discover"], server.Methods);
    }

    private static string OneLine(string json) => json.ReplaceLineEndings(" ");
}
