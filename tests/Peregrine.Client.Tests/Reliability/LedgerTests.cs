using Peregrine.Client.Calling;
using Peregrine.Client.Reliability;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Tools;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Reliability;

/// <summary>Keys between this client and a real server with a ledger, in both eras.</summary>
public sealed class LedgerTests
{
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task A_key_runs_once_and_the_client_knows(ProtocolEra era)
    {
        var tools = new CountingTools();
        await using var server = new InProcessServer(builder => builder.AddTools(tools));
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Era = era }).Soon();
        var options = new CallOptions { IdempotencyKey = Key };
        using (var first = await client.CallToolAsync("count", "{\"by\":5}"u8.ToArray(), options).Soon())
        {
            Assert.Equal("5", first.GetText());
            Assert.Equal(new CallOutcome { Attempts = 1, Acknowledged = true, Processed = true, IdempotencyKey = Key }, first.Outcome);
        }

        using (var second = await client.CallToolAsync("count", "{ \"by\": 5.0 }"u8.ToArray(), options).Soon())
        {
            Assert.Equal("5", second.GetText());
            Assert.Equal(new CallOutcome { Attempts = 1, Acknowledged = true, Processed = true, Duplicate = true, IdempotencyKey = Key }, second.Outcome);
        }

        var conflict = await Assert.ThrowsAsync<McpPeerException>(() => client.CallToolAsync("count", "{\"by\":6}"u8.ToArray(), options).Soon());
        Assert.Equal(ErrorCodes.IdempotencyConflict, conflict.Code);
        Assert.False(CallOutcome.Of(conflict)!.Value.Unknown);
        using var plain = await client.CallToolAsync("count", "{\"by\":5}"u8.ToArray()).Soon();
        Assert.Equal("10", plain.GetText());
        Assert.Null(plain.Outcome.Acknowledged);
    }
}

[McpTools]
public sealed class CountingTools
{
    private int _count;

    /// <summary>Counts.</summary>
    [McpTool]
    public int Count(int by) => Interlocked.Add(ref _count, by);
}
