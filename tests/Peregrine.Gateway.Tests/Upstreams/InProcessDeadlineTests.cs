using System.Text.Json.Nodes;
using Peregrine.Gateway.Hosting;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server;
using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Upstreams;

/// <summary>Calls of a server in the gateway's own process that take longer than they may.</summary>
public sealed class InProcessDeadlineTests
{
    [Fact]
    public async Task A_tool_that_awaits_is_answered_for_in_time_and_told_to_stop()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(async call =>
        {
            await using var registration = call.CancellationToken.Register(stopped.SetResult);
            await stopped.Task;
            call.ReturnText("too late");
        });

        AssertTimedOut(await gateway.SessionAsync("tools/call", """{"name":"work","arguments":{}}"""));
        await stopped.Task.WaitAsync(RunningGateway.Patience);
    }

    [Fact]
    public async Task A_tool_that_holds_its_thread_is_answered_for_in_time()
    {
        using var held = new ManualResetEventSlim();
        await using var gateway = await StartAsync(call =>
        {
            held.Wait();
            call.ReturnText("too late");
            return default;
        });

        AssertTimedOut(await gateway.SessionAsync("tools/call", """{"name":"work","arguments":{}}"""));
        held.Set();
    }

    [Fact]
    public async Task A_tool_that_ends_in_time_is_answered_with_its_result_and_its_progress()
    {
        await using var gateway = await StartAsync(async call =>
        {
            await call.ReportProgressAsync(1, 1);
            call.ReturnText("in time");
        }, seconds: 600);

        var answer = await gateway.SessionAsync("tools/call", """{"name":"work","arguments":{},"_meta":{"progressToken":"mine"}}""");

        Assert.Contains("\"progressToken\":\"mine\"", answer, StringComparison.Ordinal);
        Assert.Contains("in time", answer, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"id-7\"", answer, StringComparison.Ordinal);
    }

    private static void AssertTimedOut(string reply)
    {
        var error = JsonNode.Parse(reply)!["error"]!;
        Assert.Equal((ErrorCodes.TimedOut, false), ((int)error["code"]!, (bool)error["data"]!["retryable"]!));
        Assert.Matches("did not answer within (\\d+ ms|less than 1 ms)", (string)error["message"]!);
    }

    private static Task<RunningGateway> StartAsync(Func<McpCall, ValueTask> work, double seconds = 0.1)
    {
        var server = PeregrineServer.CreateBuilder("sample", "1").AddTool(new McpToolDefinition { Name = "work", InputSchema = "{\"type\":\"object\"}"u8.ToArray() }, work).Build();
        return RunningGateway.StartAsync(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""{"servers": {}, "peregrine": {"policies": {"defaults": {"timeoutSeconds": {{seconds}} } } } }"""),
            new GatewayOptions { InProcessServers = [new InProcessServer("built-in", server)] });
    }
}
