using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peregrine.Client.Calling;
using Peregrine.Client.Reliability;
using Peregrine.Execution.Resilience;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Reliability;

/// <summary>Keys, and what is said about them on the wire (<c>mcp_tx</c>).</summary>
public sealed class TransactionTests
{
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAA";
    private const string Done = "\"result\":{\"content\":[],\"_meta\":{\"mcp_tx\":{\"ack\":true,\"processed\":true,\"duplicate\":true}}}";

    [Fact]
    public async Task A_keyed_call_says_what_the_format_asks_for_in_at_most_250_bytes()
    {
        var server = Start(_ => Done);
        await using var client = await ConnectAsync(server);
        (await client.CallToolAsync("t").Soon()).Dispose();
        using (var result = await client.CallToolAsync("t", default, new CallOptions { IdempotencyKey = Key }).Soon())
        {
            Assert.Equal(new CallOutcome { Attempts = 1, Acknowledged = true, Processed = true, Duplicate = true, IdempotencyKey = Key }, result.Outcome);
        }

        var calls = Calls(server);
        Assert.False(calls[0].GetProperty("params").GetProperty("_meta").TryGetProperty("mcp_tx", out _));
        var meta = calls[1].GetProperty("params").GetProperty("_meta").GetProperty("mcp_tx");
        Assert.Equal("0.1.0", meta.GetProperty("version").GetString());
        Assert.Equal(Key, meta.GetProperty("idempotency_key").GetString());
        Assert.True(meta.GetProperty("expect_ack").GetBoolean());
        Assert.Equal(0, meta.GetProperty("retry_count").GetInt32());
        Assert.Equal(60_000, meta.GetProperty("timeout_ms").GetInt32());
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", meta.GetProperty("request_id").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$", meta.GetProperty("timestamp").GetString());
        Assert.Equal(7, meta.EnumerateObject().Count());
        Assert.InRange(calls[1].GetRawText().Length - calls[0].GetRawText().Length, 1, 250);
    }

#if !DEBUG // Which allocates what an optimiser removes, and for every buffer where it was rented.
    [Fact]
    public void A_key_costs_a_call_in_flight_at_most_1_KB()
    {
        var support = TransactionSupport.Read("{\"experimental\":{\"mcp_tx\":{\"epoch\":\"0123456789abcdef\"}}}"u8)!;
        _ = Create(support);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var kept = Create(support);
        var cost = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(kept);
        Assert.InRange(cost, 1, 1024);

        static (Transaction, byte[]) Create(TransactionSupport support)
        {
            var transaction = new Transaction(Key, Guid.NewGuid(), DateTimeOffset.UnixEpoch, default);
            return (transaction, transaction.Begin(support, retries: 1, TimeSpan.FromSeconds(60)));
        }
    }
#endif

    [Fact]
    public async Task A_retry_repeats_the_request_and_the_epoch_of_the_first_attempt()
    {
        var server = Start(number => number == 1 ? "!" : Done);
        await using var client = await ConnectAsync(server);
        using var result = await client.CallToolAsync("t", default, new CallOptions { IdempotencyKey = Key }).Soon();
        Assert.Equal(2, result.Outcome.Attempts);
        var metas = Calls(server).Select(static call => call.GetProperty("params").GetProperty("_meta").GetProperty("mcp_tx")).ToArray();
        Assert.Equal(["request_id", "idempotency_key", "timestamp"], new[] { "request_id", "idempotency_key", "timestamp" }.Where(name => metas[0].GetProperty(name).GetString() == metas[1].GetProperty(name).GetString()));
        Assert.Equal(1, metas[1].GetProperty("retry_count").GetInt32());
        Assert.False(metas[0].TryGetProperty("epoch", out _));
        Assert.Equal("e\"1", metas[1].GetProperty("epoch").GetString());
    }

    [Fact]
    public async Task Without_a_ledger_a_key_is_not_sent_and_protects_nothing()
    {
        var server = Start(number => number == 1 ? "!" : Done, capabilities: "{}");
        await using var client = await ConnectAsync(server);
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => client.CallToolAsync("t", default, new CallOptions { IdempotencyKey = Key }).Soon());
        Assert.True(exception.MayHaveRun);
        Assert.Equal(new CallOutcome { Attempts = 1, Unknown = true }, CallOutcome.Of(exception));
        Assert.DoesNotContain("mcp_tx", Assert.Single(Calls(server)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_call_has_a_key_where_that_is_wanted_but_for_those_that_may_run_twice()
    {
        var server = Start(_ => Done);
        await using var client = await ConnectAsync(server, new ReliabilityOptions { Keys = KeyPolicy.EveryCall });
        (await client.CallToolAsync("t").Soon()).Dispose();
        (await client.CallToolAsync("t").Soon()).Dispose();
        (await client.CallToolAsync("t", default, new CallOptions { ReadOnly = true }).Soon()).Dispose();
        var keys = Calls(server).Select(static call => call.GetProperty("params").GetProperty("_meta").TryGetProperty("mcp_tx", out var meta)
            ? meta.GetProperty("idempotency_key").GetString()!
            : "").ToArray();
        Assert.Equal(22, keys[0].Length);
        Assert.Equal(22, keys[1].Length);
        Assert.NotEqual(keys[0], keys[1]);
        Assert.Equal("", keys[2]);
    }

    [Theory]
    [InlineData(ErrorCodes.OutcomeUnknown, true)]
    [InlineData(ErrorCodes.IdempotencyConflict, false)]
    public async Task The_ledgers_refusals_are_the_end(int code, bool unknown)
    {
        var server = Start(_ => $"\"error\":{{\"code\":{code},\"message\":\"m\",\"data\":{{\"mcp_tx\":{{\"ack\":true,\"processed\":false}}}}}}");
        await using var client = await ConnectAsync(server);
        var exception = await Assert.ThrowsAsync<McpPeerException>(() => client.CallToolAsync("t", default, new CallOptions { IdempotencyKey = Key }).Soon());
        Assert.Equal(new CallOutcome { Attempts = 1, Acknowledged = true, Processed = false, Unknown = unknown, IdempotencyKey = Key }, CallOutcome.Of(exception));
        Assert.Single(Calls(server));
    }

    [Fact]
    public async Task Initialize_says_that_the_client_speaks_it_unless_told_not_to()
    {
        var server = Start(_ => Done);
        await using (await ConnectAsync(server))
        {
            var capabilities = server.Messages[0].GetProperty("params").GetProperty("capabilities");
            Assert.Equal("0.1.0", capabilities.GetProperty("experimental").GetProperty("mcp_tx").GetProperty("version").GetString());
        }

        var other = Start(_ => Done);
        await using var client = await ConnectAsync(other, new ReliabilityOptions { UseTransactions = false });
        Assert.DoesNotContain("mcp_tx", other.Messages[0].GetRawText(), StringComparison.Ordinal);
        (await client.CallToolAsync("t", default, new CallOptions { IdempotencyKey = Key }).Soon()).Dispose();
        Assert.DoesNotContain("mcp_tx", Assert.Single(Calls(other)).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", """{"experimental":{"mcp_tx":X}}""")]
    [InlineData("{ }", """{"experimental":{"mcp_tx":X}}""")]
    [InlineData("""{"roots":{}}""", """{"experimental":{"mcp_tx":X},"roots":{}}""")]
    [InlineData("""{"experimental":{}}""", """{"experimental":{"mcp_tx":X}}""")]
    [InlineData("""{"a":1,"experimental": { "b":2 } }""", """{"a":1,"experimental": {"mcp_tx":X,"b":2 } }""")]
    [InlineData("""{"experimental":{"mcp_tx":7}}""", """{"experimental":{"mcp_tx":7}}""")]
    [InlineData("""{"experimental":7}""", """{"experimental":7}""")]
    public void It_is_put_among_the_other_capabilities(string given, string expected)
    {
        var actual = Encoding.UTF8.GetString(TransactionCapability.AddTo(Encoding.UTF8.GetBytes(given)));
        _ = JsonElement.Parse(actual);
        Assert.Equal(expected, Regex.Replace(actual, "\"mcp_tx\":{[^}]*}", "\"mcp_tx\":X"));
    }

    [Theory]
    [InlineData("""{"experimental":{"mcp_tx":{}}}""", true)]
    [InlineData("""{"experimental":{"rmcp":{"features":["idempotency"]}}}""", true)]
    [InlineData("""{"experimental":{"mcp_tx":true}}""", true)]
    [InlineData("""{"experimental":{"mcp_tx":{"features":["ack"]}}}""", false)]
    [InlineData("""{"experimental":{}}""", false)]
    [InlineData("{}", false)]
    [InlineData("", false)]
    public void Who_keeps_a_ledger_says_so(string capabilities, bool expected) =>
        Assert.Equal(expected, TransactionSupport.Read(Encoding.UTF8.GetBytes(capabilities)) is not null);

    private static ScriptedServer Start(Func<int, string> answer, string capabilities = """{"experimental":{"mcp_tx":{"version":"0.1.0","epoch":"e\"1","durability":"memory"}}}""")
    {
        var number = 0;
        return new ScriptedServer((method, _) => method switch
        {
            "initialize" => "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + capabilities + ",\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}",
            "tools/call" => answer(++number) is { Length: > 1 } text ? text : "\"result\":1,\"result\":2",
            _ => null,
        });
    }

    private static ValueTask<PeregrineClient> ConnectAsync(ScriptedServer server, ReliabilityOptions? reliability = null) =>
        PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions
        {
            Era = ProtocolEra.Session,
            Reliability = (reliability ?? new ReliabilityOptions()) with { Retry = new RetryOptions { BaseDelay = TimeSpan.FromMilliseconds(1) } },
        });

    private static JsonElement[] Calls(ScriptedServer server) => [.. server.Messages.Where(static message => message.GetProperty("method").GetString() == "tools/call")];
}
