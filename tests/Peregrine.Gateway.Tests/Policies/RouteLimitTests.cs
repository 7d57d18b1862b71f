using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Policies;

/// <summary>Time, rates, places, sizes, breaker and retries of a route, against real servers.</summary>
public sealed class RouteLimitTests
{
    [Fact]
    public async Task A_call_that_takes_longer_than_its_tool_may_is_timed_out_and_cancelled_and_others_are_not()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"tools":{"sleep":{"timeoutSeconds":2}}}"""));

        var error = await ErrorAsync(gateway, "sleep", """{"ms":60000}""");

        Assert.Equal(4002, (int)error["code"]!);
        Assert.Matches(@"within (1(\.\d{1,3})?|2) s;", (string)error["message"]!);
        await RunningGateway.UntilAsync(async () => await gateway.CallTextAsync("cancelled") == "1");
    }

    [Fact]
    public async Task A_call_of_which_no_time_is_left_is_not_said_to_have_waited_for_nothing()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"tools":{"sleep":{"timeoutSeconds":0.001}}}"""));
        await gateway.CallTextAsync("echo");

        var error = await ErrorAsync(gateway, "sleep", """{"ms":60000}""");

        Assert.Equal(4002, (int)error["code"]!);
        Assert.Matches("within (1 ms|less than 1 ms)", (string)error["message"]!);
        Assert.DoesNotContain(" 0 s", gateway.Gateway.Upstreams.Single().LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_beyond_the_rate_are_refused_and_told_when_to_come_back()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"tools":{"echo":{"rateLimit":{"perSecond":0.01,"burst":2}}}}"""));
        await gateway.CallTextAsync("echo");
        await gateway.CallTextAsync("echo");

        var (status, body, headers) = await gateway.SendAsync("tools/call", """{"name":"echo","arguments":{}}""");

        var error = JsonNode.Parse(body)!["error"]!;
        Assert.Equal((4001, true), ((int)error["code"]!, (bool)error["data"]!["retryable"]!));
        Assert.InRange((long)error["data"]!["retryAfterMs"]!, 1, 100_000);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.InRange(headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 100);
        Assert.Equal("3", await gateway.CallTextAsync("calls"));
    }

    [Fact]
    public async Task A_client_that_asks_too_much_is_told_so_by_429()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"defaults":{"clientRateLimit":{"perSecond":0.01,"burst":1}}}"""));
        await gateway.CallTextAsync("echo");

        var (status, body, _) = await gateway.SendAsync("tools/call", """{"name":"pid","arguments":{}}""");

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Contains("this client has begun as many calls", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_finds_no_place_is_refused_and_one_that_finds_a_place_in_the_queue_waits()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(Http(server, """{"tools":{"wait":{"maxConcurrentCalls":1,"maxQueuedCalls":1}}}"""));
        var running = gateway.CallTextAsync("wait");
        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") == 1));

        // Asked on this thread, each is where it waits when the method returns.
        using var second = new InProcessExchange("""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"wait","arguments":{}}}"""u8);
        using var third = new InProcessExchange("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"wait","arguments":{}}}"""u8);
        var queued = gateway.Gateway.Responder.RespondAsync(second).AsTask();
        await gateway.Gateway.Responder.RespondAsync(third);

        Assert.False(queued.IsCompleted);
        Assert.Equal(4001, third.ErrorCode);
        Assert.Equal(1, server.Runs("wait"));
        server.Release();
        Assert.StartsWith("waited", await running, StringComparison.Ordinal);
        await queued;
        Assert.Contains("waited", Encoding.UTF8.GetString(second.CompleteReply().Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_time_ends_while_it_waits_for_a_place_was_not_sent_and_may_be_sent_again()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(
            Http(server, """{"defaults":{"maxConcurrentCalls":1,"maxQueuedCalls":1},"tools":{"put":{"timeoutSeconds":0.2}}}"""));
        var running = gateway.CallTextAsync("wait");
        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") == 1));

        var error = await ErrorAsync(gateway, "put", """{"value":"1"}""");

        Assert.Equal((4001, true), ((int)error["code"]!, (bool)error["data"]!["retryable"]!));
        Assert.Contains("waited for its turn at \"only\" for 0.2 s, all the time it has; it was not sent", (string)error["message"]!, StringComparison.Ordinal);
        server.Release();
        await running;
        Assert.Equal(0, server.Runs("put"));
    }

    [Fact]
    public async Task Arguments_and_replies_that_are_too_long_are_refused()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"tools":{"echo":{"maxArgumentBytes":100},"inspect":{"maxResultBytes":300}}}"""));
        await gateway.CallTextAsync("echo", """{"message":"short"}""");

        var arguments = await ErrorAsync(gateway, "echo", $$"""{"message":"{{new string('x', 200)}}"}""");
        var reply = await ErrorAsync(gateway, "inspect", $$"""{"ballast":"{{new string('x', 400)}}"}""");

        Assert.Equal((4003, 4003), ((int)arguments["code"]!, (int)reply["code"]!));
        Assert.Contains("the call was not sent", (string)arguments["message"]!, StringComparison.Ordinal);
        Assert.Contains("the call has run", (string)reply["message"]!, StringComparison.Ordinal);
        Assert.Equal("3", await gateway.CallTextAsync("calls"));
    }

    [Fact]
    public async Task The_breaker_opens_after_failures_and_closes_after_a_call_that_succeeds()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"tools":{"sleep":{"timeoutSeconds":0.1,"breaker":{"minimumCalls":2,"breakSeconds":0.5,"windowSeconds":60}}}}"""));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(4002, (int)(await ErrorAsync(gateway, "sleep", """{"ms":60000}"""))["code"]!);
        }

        var refused = await ErrorAsync(gateway, "sleep", """{"ms":0}""");

        Assert.Equal((4007, true), ((int)refused["code"]!, (bool)refused["data"]!["retryable"]!));
        Assert.Contains("none is sent", (string)refused["message"]!, StringComparison.Ordinal);
        Assert.Equal("", await gateway.CallTextAsync("echo"));

        // Half open: a call goes through, and what it says decides.
        await RunningGateway.UntilAsync(async () => !(await gateway.SessionAsync("tools/call", """{"name":"sleep","arguments":{"ms":0}}""")).Contains("4007", StringComparison.Ordinal));
        await RunningGateway.UntilAsync(async () => (await gateway.SessionAsync("tools/call", """{"name":"sleep","arguments":{"ms":0}}""")).Contains("awake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_read_whose_server_dies_is_tried_again_and_a_write_is_not()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"defaults":{"retry":{"maxAttempts":3,"delaySeconds":0.01}},"tools":{"die_once":{"readOnly":true}}}""", "--die-once"));
        using var folder = new TemporaryFolder();

        Assert.Equal("lived", await gateway.CallTextAsync("die_once", $$"""{"path":{{JsonValue.Create(folder.File("read")).ToJsonString()}} }"""));
        Assert.Equal(2, File.ReadAllLines(folder.File("read")).Length);

        await gateway.ReloadAsync(Processes("""{"defaults":{"retry":{"maxAttempts":3,"delaySeconds":0.01}}}""", "--die-once"));
        var error = await ErrorAsync(gateway, "die_once", $$"""{"path":{{JsonValue.Create(folder.File("write")).ToJsonString()}} }""");

        Assert.Equal(4005, (int)error["code"]!);
        Assert.Single(File.ReadAllLines(folder.File("write")));
    }

    [Fact]
    public async Task Retries_end_when_their_budget_is_used_up()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(
            Http(server, """{"tools":{"wait":{"timeoutSeconds":30,"retry":{"maxAttempts":2,"delaySeconds":0.001,"attemptTimeoutSeconds":0.01,"budgetRatio":0,"budgetPerSecond":0}}}}"""));

        // A hundred retries are saved up at first; each call takes one.
        for (var i = 0; i < 110; i++)
        {
            Assert.Equal(4002, (int)(await ErrorAsync(gateway, "wait", "{}"))["code"]!);
        }

        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") > 110));
        Assert.InRange(server.Runs("wait"), 111, 210);
    }

    [Fact]
    public async Task A_switch_turns_a_policy_off_and_on_and_on_for_a_share_of_the_calls()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"tools":{"echo":{"maxArgumentBytes":2}}}"""));
        var switches = gateway.Gateway.Policies.Switches;
        Assert.Equal([("tools.echo.size-limits", 100)], switches.List().Select(static one => (one.Name, one.Percent)));
        await gateway.CallTextAsync("echo");
        var catalog = gateway.Gateway.Catalog.Current;
        Assert.True(gateway.Gateway.Policies.Holds(catalog.Tools.Find("echo"u8)!));
        Assert.False(gateway.Gateway.Policies.Holds(catalog.Tools.Find("pid"u8)!));
        const string Long = """{"message":"too long"}""";
        Assert.Equal(4003, (int)(await ErrorAsync(gateway, "echo", Long))["code"]!);

        Assert.True(switches.TrySet("tools.echo.size-limits", 0, out _));
        Assert.Equal("too long", await gateway.CallTextAsync("echo", Long));

        Assert.True(switches.TrySet("tools.echo.size-limits", 25, out _));
        var refused = 0;
        for (var i = 0; i < 100; i++)
        {
            refused += (await gateway.SessionAsync("tools/call", $$"""{"name":"echo","arguments":{{Long}} }""")).Contains("4003", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Equal(25, refused);
        Assert.False(switches.TrySet("tools.echo.size", 0, out var unknown));
        Assert.Contains("tools.echo.size-limits", unknown!, StringComparison.Ordinal);
        Assert.False(switches.TrySet("tools.echo.size-limits", 101, out var share));
        Assert.Contains("from 0 to 100", share!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_policies_take_effect_at_a_reload_without_a_dropped_call_and_what_is_the_same_goes_on()
    {
        await using var gateway = await RunningGateway.StartAsync(Processes("""{"tools":{"echo":{"rateLimit":{"perSecond":0.001,"burst":1}},"sleep":{"timeoutSeconds":60}}}"""));
        gateway.Gateway.Policies.Switches.TrySet("tools.sleep.timeout", 0, out _);
        await gateway.CallTextAsync("echo");
        var running = gateway.CallTextAsync("sleep", """{"ms":1000}""");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.CallsInFlight == 1));

        var result = await gateway.ReloadAsync(Processes("""{"tools":{"echo":{"rateLimit":{"perSecond":0.001,"burst":1}},"sleep":{"timeoutSeconds":60},"pid":{"maxArgumentBytes":2}}}"""));

        Assert.Empty(result.Changed);
        Assert.True(result.PoliciesChanged);
        Assert.Equal(4001, (int)(await ErrorAsync(gateway, "echo", "{}"))["code"]!);
        Assert.Equal(4003, (int)(await ErrorAsync(gateway, "pid", """{"long":1}"""))["code"]!);
        Assert.Equal(["tools.echo.rate-limit 100", "tools.pid.size-limits 100", "tools.sleep.timeout 0"], gateway.Gateway.Policies.Switches.List().Select(static one => $"{one.Name} {one.Percent}"));
        Assert.Equal("awake", await running);
    }

    internal static string Processes(string policies, string arguments = "--session") => $$"""{"mcpServers":{"only":{ {{RunningGateway.Server(arguments)}} } },"peregrine":{"policies":{{policies}} } }""";

    internal static string Http(CountingServer server, string policies) => $$"""{"mcpServers":{"only":{"url":"{{server.Url}}"} },"peregrine":{"policies":{{policies}} } }""";

    private static async Task<JsonNode> ErrorAsync(RunningGateway gateway, string tool, string arguments) =>
        JsonNode.Parse(await gateway.SessionAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}} }"""))!["error"]!;
}
