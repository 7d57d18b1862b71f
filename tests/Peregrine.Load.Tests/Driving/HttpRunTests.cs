using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Peregrine.Load.Driving;
using Peregrine.Load.Results;
using Peregrine.Load.Workloads;

namespace Peregrine.Load.Tests.Driving;

public sealed class HttpRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_closed_loop_counts_what_the_server_counts(int workers)
    {
        await using var server = await FixtureServer.StartAsync();
        var result = await Runs.RunAsync(server, Runs.Closed(8, 1).Varied(), Runs.Options with { Workers = workers });
        Assert.Equal((server.Calls, 0), (result.Succeeded, result.Failed));
        Assert.Equal(server.Calls, result.Traffic.Requests);
        Assert.Equal(8, result.Traffic.Connections);
        Assert.Equal(LoadResult.ServiceTime, result.LatencyIs);
        Assert.Equal(("2026-07-28", "fixture 2"), (result.Target.ProtocolVersion, result.Target.Server));
        Assert.InRange(result.Throughput * result.DurationSeconds, result.Succeeded - 0.5, result.Succeeded + 0.5);
    }

    [Fact]
    public async Task An_open_loop_makes_every_call_of_its_schedule()
    {
        await using var server = await FixtureServer.StartAsync();
        var result = await Runs.RunAsync(server, Runs.Open(300, 1));
        Assert.Equal((300, 300), (result.Succeeded, server.Calls));
        Assert.Equal(LoadResult.ResponseTime, result.LatencyIs);
    }

    [Theory]
    [InlineData(SessionScope.Shared)]
    [InlineData(SessionScope.User)]
    [InlineData(SessionScope.Iteration)]
    [InlineData(SessionScope.Call)]
    public async Task Sessions_are_opened_and_ended_as_the_workload_says(SessionScope scope)
    {
        await using var server = await FixtureServer.StartAsync();
        server.IsSessionEra = true;
        var result = await Runs.RunAsync(server, Runs.Open(50, 1) with { Session = scope, MinCalls = 2, MaxCalls = 2 });
        Assert.Equal((100, 0, "2025-06-18"), (result.Succeeded, result.Failed, result.Target.ProtocolVersion));
        var opened = result.Openings.Count;
        Assert.Equal(server.Openings - 1, opened);
        Assert.Equal(scope is SessionScope.Iteration or SessionScope.Call ? opened : 0, server.Endings);
        if (scope != SessionScope.User)
        {
            Assert.Equal(scope switch { SessionScope.Shared => 0, SessionScope.Iteration => 50, _ => 100 }, opened);
        }
    }

    [Fact]
    public async Task An_iteration_whose_session_could_not_be_ended_is_over_all_the_same()
    {
        await using var server = await FixtureServer.StartAsync();
        (server.IsSessionEra, server.BreaksEndings) = (true, true);
        var result = await Runs.RunAsync(server, Runs.Open(30, 1) with { Session = SessionScope.Iteration, MinCalls = 2, MaxCalls = 2 });
        Assert.Equal((60, 30, 30), (result.Succeeded, result.Failed, result.Openings.Count));
        Assert.Equal(30, server.Endings);
    }

    [Fact]
    public async Task The_same_workload_makes_the_same_calls_in_every_process()
    {
        await using var server = await FixtureServer.StartAsync();
        var texts = new List<string>();
        server.Misbehave = (_, _, text, _) =>
        {
            texts.Add(text);
            return Task.FromResult(false);
        };
        await Runs.RunAsync(server, Runs.Open(3, 1).Varied() with { Seed = 5 }, Runs.Options with { MaxInFlight = 1 });

        // What the generator of the BCL gives from that seed, which is documented to be the same everywhere.
        var random = new Random(5);
        var first = random.GetString("abcdefghijklmnopqrstuvwxyz012345", (int)random.NextInt64(1, 20_001));
        Assert.Equal((3, first), (texts.Count, texts[0]));
    }

    [Fact]
    public async Task A_connection_for_each_iteration_is_counted_at_the_socket()
    {
        await using var server = await FixtureServer.StartAsync();
        var result = await Runs.RunAsync(server, Runs.Open(50, 1) with { Connection = ConnectionScope.Iteration });
        Assert.Equal((50, 50), (result.Succeeded, result.Traffic.Connections));
        Assert.Equal(0, result.Traffic.Reuse);
    }

    [Fact]
    public async Task Chunks_event_streams_and_bodies_that_end_with_the_connection_are_understood()
    {
        await using var server = await FixtureServer.StartAsync();
        server.Misbehave = async (context, id, text, before) =>
        {
            var json = FixtureServer.Text(id, text);
            if (before % 3 == 0)
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n");
                json = $"event: message\ndata: {json}\n\n";
            }
            else if (before % 3 == 1)
            {
                context.Response.Headers.Connection = "close";
            }

            await context.Response.WriteAsync(json[..5]);
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync(json[5..]);
            return true;
        };
        var result = await Runs.RunAsync(server, Runs.Open(90, 1).Varied());
        Assert.Equal((90, 0), (result.Succeeded, result.Failed));
        Assert.InRange(result.Traffic.Connections, 30, 90);
    }

    [Theory]
    [InlineData("wrong", LoadError.WrongAnswer)]
    [InlineData("half", LoadError.WrongAnswer)]
    [InlineData("half a name", LoadError.ToolError)]
    [InlineData("id", LoadError.Protocol)]
    [InlineData("text", LoadError.Protocol)]
    [InlineData("error", LoadError.ErrorReply)]
    [InlineData("tool", LoadError.ToolError)]
    [InlineData("status", LoadError.Status)]
    [InlineData("abort", LoadError.Closed)]
    public async Task Every_kind_of_failure_is_found_and_counted(string how, LoadError kind)
    {
        await using var server = await FixtureServer.StartAsync();
        server.Misbehave = async (context, id, _, before) =>
        {
            if (before % 10 != 0)
            {
                return false;
            }

            if (how == "abort")
            {
                context.Abort();
                return true;
            }

            context.Response.StatusCode = how == "status" ? 500 : 200;
            await FixtureServer.WriteAsync(context, how switch
            {
                "wrong" => FixtureServer.Text(id, "something else"),
                "half" => FixtureServer.Text(id, "half a character").Replace("half", "\\ud83d", StringComparison.Ordinal),
                "half a name" => FixtureServer.Text(id, "no").Replace("\"content\"", "\"\\ud83disError\":1,\"isError\":true,\"content\"", StringComparison.Ordinal),
                "id" => FixtureServer.Text("7", "a falcon at the top of its dive"),
                "tool" => FixtureServer.Text(id, "no").Replace("\"content\"", "\"isError\":true,\"content\"", StringComparison.Ordinal),
                "error" => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32603,"message":"no"} }""",
                _ => "what?",
            });
            return true;
        };
        var result = await Runs.RunAsync(server, Runs.Open(100, 1));
        Assert.Equal((90, 10), (result.Succeeded, result.Failed));
        Assert.Equal([KeyValuePair.Create(kind.ToString(), 10L)], result.Errors);
        Assert.False(result.IsFine);
        Assert.All(result.ErrorExamples, example => Assert.StartsWith(kind.ToString(), example, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_gets_no_reply_times_out_and_counts_as_latency()
    {
        await using var server = await FixtureServer.StartAsync();
        server.Misbehave = async (context, _, _, before) =>
        {
            if (before == 0)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                return true;
            }

            return false;
        };
        var result = await Runs.RunAsync(server, Runs.Open(20, 1), Runs.Options with { CallTimeout = TimeSpan.FromSeconds(4) });
        Assert.Equal(1, result.Errors[nameof(LoadError.Timeout)]);
        Assert.Equal(20, result.Succeeded + result.Failed);
        Assert.True(result.Response.Max >= 4_000_000_000);
    }

    [Fact]
    public async Task Nobody_there_is_told_at_once()
    {
        Uri url;
        await using (var server = await FixtureServer.StartAsync())
        {
            url = server.Url;
        }

        var exception = await Assert.ThrowsAsync<LoadException>(() => LoadRunner.RunAsync(new LoadTarget { Endpoint = url }, Runs.Closed(1, 1), Runs.Options));
        Assert.Contains("cannot be reached", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_can_be_cancelled()
    {
        await using var server = await FixtureServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var progress = new Told(cancellation.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LoadRunner.RunAsync(new LoadTarget { Endpoint = server.Url }, Runs.Closed(2, 3600), Runs.Options, progress, cancellation.Token));
    }

    [Fact]
    public async Task An_opening_can_be_cancelled()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var cancellation = new CancellationTokenSource();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/mcp");
        var opening = LoadSession.OpenAsync(new LoadTarget { Endpoint = url }, Runs.Closed(1, 1), Runs.Options with { CallTimeout = TimeSpan.FromHours(1) }, cancellation.Token);
        using var connection = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Theory]
    [InlineData("server/discover", "{\"supportedVersions\":5}")]
    [InlineData("server/discover", "{\"supportedVersions\":[5]}")]
    [InlineData("tools/list", "{\"tools\":5}")]
    [InlineData("tools/list", "{\"tools\":[{}]}")]
    public async Task A_server_whose_answers_have_another_form_is_told_and_not_measured(string method, string answer)
    {
        await using var server = await FixtureServer.StartAsync();
        server.Results[method] = answer;
        var exception = await Assert.ThrowsAsync<LoadException>(() => Runs.RunAsync(server, Runs.Closed(1, 0.2)));
        Assert.Contains(server.Url.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_valid_is_refused_with_all_faults()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => LoadRunner.RunAsync(new LoadTarget(), Runs.Closed(0, 1), Runs.Options with { Workers = 0 }));
        Assert.Contains("either a URL or a command", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no stage has any load", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Workers must be", exception.Message, StringComparison.Ordinal);
    }

    private sealed class Told(Action then) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => then();
    }
}
