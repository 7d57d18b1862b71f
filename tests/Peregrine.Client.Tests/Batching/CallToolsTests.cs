using System.Globalization;
using System.Text;
using Peregrine.Client.Batching;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Batching;

public sealed class CallToolsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Results_come_in_order_and_a_failure_touches_no_other()
    {
        var server = Start();
        await using var client = await ConnectAsync(server);
        var calls = Enumerable.Range(0, 100).Select(i => Call(i % 10 == 3 ? "refused" : i % 10 == 4 ? "fails" : "echo", i)).ToArray();
        var seen = 0;
        using var results = await client.CallToolsAsync(calls, new BatchOptions { OnResult = (_, _) => Interlocked.Increment(ref seen) }).Soon();
        Assert.Equal(100, results.Count);
        Assert.Equal(100, seen);
        Assert.Equal(20, results.Failed);
        for (var i = 0; i < results.Count; i++)
        {
            switch (i % 10)
            {
                case 3:
                    Assert.Equal(-32602, Assert.IsType<McpPeerException>(results[i].Exception).Code);
                    Assert.Null(results[i].Result);
                    break;
                case 4:
                    Assert.True(results[i].Result!.IsError);
                    Assert.False(results[i].Succeeded);
                    break;
                default:
                    Assert.Equal(i.ToString(CultureInfo.InvariantCulture), results[i].Result!.GetText());
                    break;
            }

            Assert.Equal(1, results[i].Outcome.Attempts);
        }
    }

    [Fact]
    public async Task A_call_that_takes_too_long_ends_and_the_others_do_not_wait_for_it()
    {
        var server = Start();
        await using var client = await ConnectAsync(server);
        var echoed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new BatchOptions
        {
            ItemTimeout = TimeSpan.FromSeconds(5),
            OnResult = (index, _) =>
            {
                if (index == 1)
                {
                    echoed.TrySetResult();
                }
            },
        };
        var calling = client.CallToolsAsync([Call("silent", 0), Call("echo", 1), Call("silent", 2) with { Timeout = TimeSpan.FromSeconds(2) }], options).AsTask();
        await echoed.Task.Soon();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(2));
        await server.WaitForAsync("notifications/cancelled");
        _time.Advance(TimeSpan.FromSeconds(3));
        using var results = await calling.Soon();
        Assert.IsType<TimeoutException>(results[0].Exception);
        Assert.True(results[1].Succeeded);
        Assert.IsType<TimeoutException>(results[2].Exception);
        Assert.True(results[2].Outcome.Unknown);
    }

    [Fact]
    public async Task The_most_urgent_begin_first()
    {
        var server = Start();
        await using var client = await ConnectAsync(server);
        var calls = Enumerable.Range(0, 9).Select(i => Call("echo", i) with { Priority = i % 3 }).ToArray();
        using var results = await client.CallToolsAsync(calls, new BatchOptions { Concurrency = 1 }).Soon();
        Assert.Equal(0, results.Failed);
        Assert.Equal(
            [2, 5, 8, 1, 4, 7, 0, 3, 6],
            server.Messages.Where(static m => m.GetProperty("method").GetString() == "tools/call").Select(static m => m.GetProperty("params").GetProperty("arguments").GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task Giving_up_ends_all_of_them()
    {
        var server = Start();
        await using var client = await ConnectAsync(server);
        using var stop = new CancellationTokenSource();
        var calling = client.CallToolsAsync([.. Enumerable.Range(0, 20).Select(i => Call("silent", i))], new BatchOptions { Concurrency = 3 }, stop.Token).AsTask();
        await server.WaitForAsync("tools/call");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling.Soon());
        Assert.Equal(0, server.Connection.InFlight);
    }

    [Fact]
    public async Task What_is_not_valid_is_said_before_anything_is_sent()
    {
        var server = Start();
        await using var client = await ConnectAsync(server);
        await Assert.ThrowsAsync<ArgumentException>(() => client.CallToolsAsync([Call("echo", 1), new ToolCall("echo", "[]"u8.ToArray())]).Soon());
        await Assert.ThrowsAsync<ArgumentException>(() => client.CallToolsAsync([null!]).Soon());
        await Assert.ThrowsAsync<ArgumentException>(() => client.CallToolsAsync([], new BatchOptions { Concurrency = 0, ItemTimeout = TimeSpan.FromSeconds(-1) }).Soon());
        Assert.DoesNotContain("tools/call", server.Methods);
        using var none = await client.CallToolsAsync([]).Soon();
        Assert.Empty(none);
    }

    private static ToolCall Call(string name, int number) => new(name, Encoding.UTF8.GetBytes($"{{\"n\":{number}}}"));

    private static ScriptedServer Start() => new((method, parameters) => method switch
    {
        "initialize" => "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}",
        "tools/call" => parameters.GetProperty("name").GetString() switch
        {
            "echo" => $"\"result\":{{\"content\":[{{\"type\":\"text\",\"text\":\"{parameters.GetProperty("arguments").GetProperty("n")}\"}}]}}",
            "fails" => "\"result\":{\"content\":[],\"isError\":true}",
            "silent" => null,
            _ => "\"error\":{\"code\":-32602,\"message\":\"no such tool\"}",
        },
        _ => null,
    });

    private ValueTask<PeregrineClient> ConnectAsync(ScriptedServer server) =>
        PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Era = ProtocolEra.Session, TimeProvider = _time });
}
