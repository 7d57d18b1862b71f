using System.Text.Json;
using Peregrine.Client.Calling;
using Peregrine.Client.Reliability;
using Peregrine.Execution.Resilience;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Reliability;

/// <summary>What a client sends again, and what it does not.</summary>
public sealed class ReliabilityTests
{
    private const string Broken = "\"result\":1,\"result\":2";
    private const string Fine = "\"result\":{\"content\":[]}";
    private const string Tools = """
        "result":{"tools":[{"name":"reads","inputSchema":{},"annotations":{"readOnlyHint":true}},{"name":"sets","inputSchema":{},"annotations":{"idempotentHint":true}},{"name":"writes","inputSchema":{}}]}
        """;

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(true, false, 2)]
    [InlineData(false, true, 2)]
    public async Task What_may_have_run_is_sent_again_only_where_it_may_run_twice(bool readOnly, bool idempotent, int sent)
    {
        var server = Start(Broken, Fine);
        await using var client = await ConnectAsync(server);
        var options = new CallOptions { ReadOnly = readOnly, Idempotent = idempotent };
        if (sent == 1)
        {
            var exception = await Assert.ThrowsAsync<McpTransportException>(() => client.CallToolAsync("t", default, options).Soon());
            Assert.Equal(TransportFault.InvalidReply, exception.Fault);
            Assert.Equal(new CallOutcome { Attempts = 1, Unknown = true }, CallOutcome.Of(exception));
        }
        else
        {
            using var result = await client.CallToolAsync("t", default, options).Soon();
            Assert.Equal(new CallOutcome { Attempts = 2 }, result.Outcome);
        }

        Assert.Equal(sent, Calls(server).Length);
    }

    [Theory]
    [InlineData("reads", true, 2)]
    [InlineData("sets", true, 2)]
    [InlineData("writes", true, 1)]
    [InlineData("unheard_of", true, 1)]
    [InlineData("reads", false, 1)]
    public async Task A_tools_own_word_counts_only_where_the_server_is_trusted(string tool, bool trust, int sent)
    {
        var server = Start(Broken, Fine);
        await using var client = await ConnectAsync(server, new ReliabilityOptions { TrustHints = trust });
        await client.ListToolsAsync().Soon();
        try
        {
            (await client.CallToolAsync(tool).Soon()).Dispose();
        }
        catch (McpTransportException)
        {
        }

        Assert.Equal(sent, Calls(server).Length);
    }

    [Theory]
    [InlineData(ErrorCodes.Overloaded)]
    [InlineData(ErrorCodes.Draining)]
    public async Task What_the_server_turned_away_is_sent_again_after_the_time_it_asks_for(int code)
    {
        var server = Start($"\"error\":{{\"code\":{code},\"message\":\"m\",\"data\":{{\"retryAfterMs\":5000}}}}", Fine);
        await using var client = await ConnectAsync(server, time: _time);
        var calling = client.CallToolAsync("t").AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));
        using var result = await calling.Soon();
        Assert.Equal(2, result.Outcome.Attempts);
    }

    [Theory]
    [InlineData(ErrorCodes.InvalidParams)]
    [InlineData(ErrorCodes.OutcomeUnknown)]
    [InlineData(ErrorCodes.ResourceExhausted)]
    [InlineData(1)]
    public async Task Other_errors_are_the_end_even_of_reads(int code)
    {
        var server = Start($"\"error\":{{\"code\":{code},\"message\":\"m\"}}", Fine);
        await using var client = await ConnectAsync(server);
        var exception = await Assert.ThrowsAsync<McpPeerException>(() => client.CallToolAsync("t", default, new CallOptions { ReadOnly = true }).Soon());
        Assert.Equal(1, CallOutcome.Of(exception)?.Attempts);
        Assert.Single(Calls(server));
    }

    [Fact]
    public async Task Who_gives_up_does_not_know_what_became_of_it()
    {
        var server = Start("");
        await using var client = await ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        var calling = client.CallToolAsync("t", default, new CallOptions(), stop.Token).AsTask();
        await server.WaitForAsync("tools/call");
        await stop.CancelAsync();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling.Soon());
        Assert.Equal(new CallOutcome { Attempts = 1, Unknown = true }, CallOutcome.Of(exception));
        await server.WaitForAsync("notifications/cancelled");
    }

    [Fact]
    public async Task Progress_moves_the_deadline_but_not_beyond_the_cap_and_the_server_is_told_of_the_end()
    {
        var server = Start(_time, "");
        await using var client = await ConnectAsync(server, new ReliabilityOptions { MaxRequestTimeout = TimeSpan.FromSeconds(25) }, _time);
        var calling = client.CallToolAsync("t").AsTask();
        await server.WaitForAsync("tools/call");
        var token = Calls(server)[0].GetProperty("params").GetProperty("_meta").GetProperty("progressToken").GetRawText();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(8));
            await server.SendAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":{{{i}}}}}""");

            // Answered behind the notification: so that has been taken.
            await client.PingAsync().Soon();
            Assert.False(calling.IsCompleted);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => calling.Soon());
        Assert.Equal(TransportFault.TimedOut, exception.Fault);
        await server.WaitForAsync("notifications/cancelled");
        Assert.Single(Calls(server));
    }

    [Fact]
    public async Task Where_an_attempt_has_less_time_than_the_call_another_follows()
    {
        var server = Start(_time, "", Fine);
        await using var client = await ConnectAsync(server, time: _time);
        var calling = client.CallToolAsync("t", default, new CallOptions
        {
            ReadOnly = true,
            Retry = new RetryOptions { AttemptTimeout = TimeSpan.FromSeconds(3), BaseDelay = TimeSpan.FromSeconds(1), Jitter = 0 },
        }).AsTask();
        await server.WaitForAsync("tools/call");
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(3));
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        using var result = await calling.Soon();
        Assert.Equal(2, result.Outcome.Attempts);
        await server.WaitForAsync("notifications/cancelled");
    }

    [Fact]
    public async Task Over_the_bulkhead_nothing_is_sent()
    {
        var server = Start("");
        await using var client = await ConnectAsync(server, new ReliabilityOptions { Bulkhead = new BulkheadOptions { MaxConcurrent = 1, MaxQueued = 0 } });
        using var stop = new CancellationTokenSource();
        var first = client.CallToolAsync("t", default, new CallOptions(), stop.Token).AsTask();
        await server.WaitForAsync("tools/call");
        var exception = await Assert.ThrowsAsync<CallNotSentException>(() => client.CallToolAsync("t").Soon());
        Assert.Equal(ErrorCodes.Overloaded, exception.Code);
        Assert.Equal(new CallOutcome(), CallOutcome.Of(exception));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon());
        Assert.Single(Calls(server));
    }

    [Fact]
    public async Task A_slow_read_is_hedged_and_a_slow_write_is_not()
    {
        var server = Start("", Fine);
        await using var client = await ConnectAsync(server, new ReliabilityOptions { Hedging = new HedgingOptions { Delay = TimeSpan.FromSeconds(1) } }, _time);
        var calling = client.CallToolAsync("t", default, new CallOptions { ReadOnly = true }).AsTask();
        await server.WaitForAsync("tools/call");
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        using var result = await calling.Soon();
        Assert.Equal(2, result.Outcome.Attempts);
        await server.WaitForAsync("notifications/cancelled");
    }

    [Fact]
    public async Task Options_out_of_range_are_all_named()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => ConnectAsync(Start(""), new ReliabilityOptions
        {
            MaxRequestTimeout = TimeSpan.FromDays(2),
            Hedging = new HedgingOptions { MaxAttempts = 1 },
            Breaker = new BreakerOptions { FailureRatio = 0 },
            Bulkhead = new BulkheadOptions { MaxConcurrent = 0 },
            RetryBudget = new RetryBudgetOptions { Capacity = 0 },
            Retry = new RetryOptions { MaxAttempts = 0 },
            Keys = (KeyPolicy)9,
        }).Soon());
        foreach (var name in new[] { "MaxRequestTimeout", "Hedging.MaxAttempts", "Breaker.FailureRatio", "Bulkhead.MaxConcurrent", "RetryBudget.Capacity", "Retry.MaxAttempts", "Keys" })
        {
            Assert.Contains("Reliability." + name, exception.Message, StringComparison.Ordinal);
        }
    }

    // Gives the answers in order; the last one stays. Empty for silence.
    private static ScriptedServer Start(params string[] answers) => Start(TimeProvider.System, answers);

    private static ScriptedServer Start(TimeProvider time, params string[] answers)
    {
        var number = 0;
        return new ScriptedServer((method, _) => method switch
        {
            "initialize" => """
                "result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}
                """.Trim(),
            "tools/list" => Tools.Trim(),
            "ping" => "\"result\":{}",
            "tools/call" => answers[Math.Min(number++, answers.Length - 1)] is { Length: > 0 } answer ? answer : null,
            _ => null,
        }, new DuplexConnectionOptions { TimeProvider = time });
    }

    private static ValueTask<PeregrineClient> ConnectAsync(ScriptedServer server, ReliabilityOptions? reliability = null, TimeProvider? time = null)
    {
        reliability ??= new ReliabilityOptions();
        return PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions
        {
            Era = ProtocolEra.Session,
            RequestTimeout = TimeSpan.FromSeconds(10),
            TimeProvider = time ?? TimeProvider.System,
            Reliability = reliability.Retry == new RetryOptions() ? reliability with { Retry = new RetryOptions { BaseDelay = TimeSpan.FromMilliseconds(1) } } : reliability,
        });
    }

    private static JsonElement[] Calls(ScriptedServer server) => [.. server.Messages.Where(static message => message.GetProperty("method").GetString() == "tools/call")];
}
