using System.Diagnostics;
using System.Text.Json.Nodes;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Faults;

public sealed class AbsentServerTests
{
    private static string Sample => $"\"command\": {JsonValue.Create(Programs.Peregrine).ToJsonString()}, \"args\": [\"serve\", \"--stdio\"]";

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_server_that_never_answers_does_not_delay_calls_to_another()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"mcpServers": { "silent": { "command": "sleep", "args": ["600"] }, "sample": { {{Sample}} } } }""");
        var clock = Stopwatch.StartNew();
        await gateway.WaitUntilUpAsync("sample");
        var reply = await gateway.CallAsync("sample_echo", """{"message":"hello"}""");
        Assert.Equal("hello", (string)reply["result"]!["content"]![0]!["text"]!);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"took {clock.Elapsed}");

        // A list waits for those that are starting, and not for ever.
        Assert.Contains("sample_echo", await gateway.ListAsync());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(7), $"took {clock.Elapsed}");
        Assert.Equal("starting", (string)(await gateway.UpstreamAsync("silent"))["state"]!);
        Assert.Equal("ready", (string)JsonNode.Parse((await gateway.GetAsync("/health")).Body)!["status"]!);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named_on_the_page_and_in_the_log_and_the_others_serve()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"mcpServers": { "gone": { "command": "no-such-server" }, "sample": { {{Sample}} } } }""");
        Assert.Contains("sample_echo", await gateway.ListAsync());
        Assert.Contains("no-such-server", (string)(await gateway.UpstreamAsync("gone"))["lastError"]!, StringComparison.Ordinal);
        Assert.Contains("no-such-server", gateway.Program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_http_server_that_comes_up_later_appears_by_itself()
    {
        var port = FreePort.Find();
        await using var gateway = await RunningGateway.StartAsync($$"""{"mcpServers": { "late": { "url": "http://127.0.0.1:{{port}}/mcp" }, "sample": { {{Sample}} } } }""");
        Assert.DoesNotContain("late_echo", await gateway.ListAsync());

        await using var official = StartedProgram.Start(Programs.OfficialHttp, "--urls", $"http://127.0.0.1:{port}");
        await FreePort.WaitUntilTakenAsync(port);
        await gateway.WaitUntilUpAsync("late");
        Assert.Contains("late_echo", await gateway.ListAsync());
        Assert.Equal("hello", (string)(await gateway.CallAsync("late_echo", """{"message":"hello"}"""))["result"]!["content"]![0]!["text"]!);
    }

    [Fact]
    public async Task An_http_server_that_goes_away_and_comes_back_is_used_again()
    {
        var port = FreePort.Find();
        await using var gateway = await RunningGateway.StartAsync($$"""{"mcpServers": { "only": { "url": "http://127.0.0.1:{{port}}/mcp" } } }""");
        var first = StartedProgram.Start(Programs.OfficialHttp, "--urls", $"http://127.0.0.1:{port}");
        await gateway.WaitUntilUpAsync("only");
        Assert.NotNull((await gateway.CallAsync("echo", """{"message":"one"}"""))["result"]);
        Signals.KillAtOnce(first.Id);
        await first.WaitForEndAsync();
        await first.DisposeAsync();

        // Refused or waiting, but never without an answer, and never an unknown outcome: nothing listened.
        var waiting = gateway.CallAsync("echo", """{"message":"two"}""");
        await using var second = StartedProgram.Start(Programs.OfficialHttp, "--urls", $"http://127.0.0.1:{port}");
        var reply = await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(reply["result"] is not null || (int)reply["error"]!["code"]! == 4007, reply.ToJsonString());
        await Patience.UntilAsync(async () => (await gateway.CallAsync("echo", """{"message":"three"}"""))["result"] is not null);
    }
}
