using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Upstreams;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Tests.Policies;

/// <summary>Results that are kept, and calls that are joined, against real servers.</summary>
public sealed class SharedResultTests
{
    [Fact]
    public async Task A_result_of_a_tool_that_only_reads_is_kept_and_told_apart_by_arguments_by_their_meaning()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"cache":{"seconds":60}}}"""));

        var first = await gateway.CallTextAsync("get", """{"a":1,"b":2}""");
        var again = await gateway.CallTextAsync("get", """{"b":2.0, "a":1}""");
        var other = await gateway.CallTextAsync("get", """{"a":2}""");

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(2, server.Runs("get"));
    }

    [Fact]
    public async Task Both_eras_get_their_own_form_and_a_caller_can_ask_past_the_cache()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"cache":{"seconds":60}}}"""));
        const string Call = """{"name":"get","arguments":{}}""";

        var session = await gateway.SessionAsync("tools/call", Call);
        var stateless = await gateway.StatelessAsync("tools/call", Call);
        Assert.Equal(session, await gateway.SessionAsync("tools/call", Call));
        Assert.Equal(stateless, await gateway.StatelessAsync("tools/call", Call));
        Assert.Equal(2, server.Runs("get"));

        await gateway.StatelessAsync("tools/call", Call, "\"peregrine/cache\":\"bypass\"");
        Assert.Equal(3, server.Runs("get"));
        Assert.Equal(1, gateway.Gateway.Policies.Cache.Statistics.Bypassed);
    }

    [Fact]
    public async Task A_tool_that_changes_something_drops_what_is_kept_of_its_server_before_its_caller_is_told()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"tools":{"get":{"cache":{"seconds":60}}}}"""));
        Assert.StartsWith("0 ", await gateway.CallTextAsync("get"), StringComparison.Ordinal);

        await gateway.CallTextAsync("put", """{"value":"1"}""");

        Assert.StartsWith("1 ", await gateway.CallTextAsync("get"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_drops_what_its_tags_say_and_nothing_else()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server,
            """{"tools":{"get":{"cache":{"seconds":60,"tags":["values"]}},"who":{"cache":{"seconds":60}},"put":{"invalidates":["values"]}}}"""));
        await gateway.CallTextAsync("get");
        await gateway.CallTextAsync("who");

        await gateway.CallTextAsync("put", """{"value":"1"}""");

        Assert.StartsWith("1 ", await gateway.CallTextAsync("get"), StringComparison.Ordinal);
        await gateway.CallTextAsync("who");
        Assert.Equal(1, gateway.Gateway.Policies.Cache.Statistics.Hits);
    }

    [Fact]
    public async Task A_resource_is_kept_as_long_as_its_server_says_and_callers_are_told_what_is_left()
    {
        await using var server = await CountingServer.StartAsync(resourceTime: TimeSpan.FromMinutes(5), scope: McpCacheScope.Public);
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"cache":{"scope":"public"}}}"""));
        const string Read = """{"uri":"memo://value"}""";

        await gateway.SessionAsync("resources/read", Read);
        var first = JsonNode.Parse(await gateway.StatelessAsync("resources/read", Read))!["result"]!;
        var again = JsonNode.Parse(await gateway.StatelessAsync("resources/read", Read))!["result"]!;

        Assert.Equal("0", (string)again["contents"]![0]!["text"]!);
        Assert.InRange((long)again["ttlMs"]!, 1, 300_000);
        Assert.Equal("public", (string)again["cacheScope"]!);
        Assert.Equal(first["contents"]!.ToJsonString(), again["contents"]!.ToJsonString());
        Assert.Equal(2, server.Runs("read"));
    }

    [Fact]
    public async Task What_a_server_calls_private_or_gives_no_time_is_not_kept_for_everybody()
    {
        await using var server = await CountingServer.StartAsync(resourceTime: TimeSpan.FromMinutes(5), scope: McpCacheScope.Private);
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"cache":{"scope":"public"}}}"""));

        await gateway.StatelessAsync("resources/read", """{"uri":"memo://value"}""");
        var again = await gateway.StatelessAsync("resources/read", """{"uri":"memo://value"}""");

        Assert.Contains("\"text\":\"0\"", again, StringComparison.Ordinal);
        Assert.Equal(2, server.Runs("read"));
    }

    [Fact]
    public async Task An_update_of_a_resource_and_a_changed_list_drop_what_depends_on_them()
    {
        await using var server = await CountingServer.StartAsync(resourceTime: TimeSpan.FromMinutes(5));
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"cache":{"seconds":600}}}"""));
        var upstream = gateway.Gateway.Upstreams.Single();
        await gateway.StatelessAsync("resources/read", """{"uri":"memo://value"}""");
        upstream.Watch("memo://value", wanted: true);
        await upstream.WatchingAsync(CancellationToken.None);

        server.Change("new");
        await RunningGateway.UntilAsync(async () => (await gateway.StatelessAsync("resources/read", """{"uri":"memo://value"}""")).Contains("\"new\"", StringComparison.Ordinal));

        await gateway.CallTextAsync("get");
        await gateway.CallTextAsync("get");
        Assert.Equal(1, server.Runs("get"));
        server.Server.NotifyToolsChanged();
        await RunningGateway.UntilAsync(async () =>
        {
            await gateway.CallTextAsync("get");
            return server.Runs("get") == 2;
        });
    }

    [Fact]
    public async Task Equal_calls_at_the_same_time_are_one_at_the_server_and_each_gets_its_own_reply()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"coalesce":true}}"""));
        await gateway.CallTextAsync("get");
        var exchanges = Enumerable.Range(1, 20).Select(static id => new InProcessExchange(
            Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{id.ToString(CultureInfo.InvariantCulture)}},"method":"tools/call","params":{"name":"wait","arguments":{} } }"""))).ToArray();
        var calls = exchanges.Select(exchange => gateway.Gateway.Responder.RespondAsync(exchange).AsTask()).ToArray();
        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") == 1));

        server.Release();
        await Task.WhenAll(calls);

        Assert.Equal(1, server.Runs("wait"));
        for (var i = 0; i < exchanges.Length; i++)
        {
            var reply = JsonNode.Parse(exchanges[i].CompleteReply().Span)!;
            Assert.Equal((i + 1, "waited 1"), ((int)reply["id"]!, (string)reply["result"]!["content"]![0]!["text"]!));
            exchanges[i].Dispose();
        }

        // Nothing was kept.
        await gateway.CallTextAsync("wait");
        Assert.Equal(2, server.Runs("wait"));
    }

    [Fact]
    public async Task A_joined_call_goes_on_when_the_first_who_asked_goes_away_and_ends_when_all_have_gone()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"coalesce":true}}"""));
        await gateway.CallTextAsync("get");
        using var first = Waiting();
        using var second = Waiting();
        var (leading, following) = (gateway.Gateway.Responder.RespondAsync(first).AsTask(), gateway.Gateway.Responder.RespondAsync(second).AsTask());
        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") == 1));

        first.Cancel();
        await leading;
        Assert.False(following.IsCompleted);
        server.Release();
        await following;
        Assert.Contains("waited 1", Encoding.UTF8.GetString(second.CompleteReply().Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_begins_after_a_write_has_ended_does_not_join_one_that_began_before_it()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"tools":{"wait":{"coalesce":true}}}"""));
        await gateway.CallTextAsync("get");
        using var before = Waiting();
        using var after = Waiting();
        var first = gateway.Gateway.Responder.RespondAsync(before).AsTask();
        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") == 1));

        await gateway.CallTextAsync("put", """{"value":"1"}""");

        var second = gateway.Gateway.Responder.RespondAsync(after).AsTask();
        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") == 2));
        server.Release();
        await Task.WhenAll(first, second);
    }

    [Theory]
    [InlineData("private", 2)]
    [InlineData("public", 1)]
    public async Task A_result_is_for_the_caller_it_was_made_for_unless_it_is_said_to_be_for_all(string scope, int runs)
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, $$"""{"defaults":{"cache":{"seconds":60,"scope":"{{scope}}"} } }"""));
        foreach (var user in (string[])["ann", "ben", "ann", "ben"])
        {
            Assert.Contains("0 {}", (await gateway.SendAsync("tools/call", """{"name":"get","arguments":{}}""", ("X-Test-User", user))).Body, StringComparison.Ordinal);
        }

        Assert.Equal(runs, server.Runs("get"));
    }

    [Fact]
    public async Task A_tool_of_a_server_that_is_not_trusted_is_not_kept()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, """{"defaults":{"cache":{"seconds":60},"trustHints":false}}"""));

        await gateway.CallTextAsync("get");
        await gateway.CallTextAsync("get");

        Assert.Equal(2, server.Runs("get"));
    }

    [Fact]
    public async Task Nothing_that_was_kept_of_a_server_is_served_after_the_server_was_started_again()
    {
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Processes("""{"tools":{"pid":{"cache":{"seconds":600},"readOnly":true},"die":{"invalidates":[]}}}"""));
        var before = await gateway.CallTextAsync("pid");
        Assert.Equal(before, await gateway.CallTextAsync("pid"));

        await gateway.SessionAsync("tools/call", """{"name":"die","arguments":{}}""");

        await RunningGateway.UntilAsync(async () => await gateway.CallTextAsync("pid") != before);
    }

    private static InProcessExchange Waiting() => new("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait","arguments":{}}}"""u8);
}
