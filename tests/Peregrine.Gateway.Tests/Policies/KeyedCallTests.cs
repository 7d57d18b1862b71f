using System.Text.Json.Nodes;
using Peregrine.Gateway.Hosting;

namespace Peregrine.Gateway.Tests.Policies;

/// <summary>Calls with a key through the gateway: who keeps the key, and what repeats of a call get.</summary>
public sealed class KeyedCallTests
{
    private const string Once = """{"defaults":{"once":true}}""";

    // Callers without a name need keys that nobody guesses.
    private const string Key = "0f5c2b7e-7d0f-4a39-9c57-3a9d2f6f1c11";

    [Fact]
    public async Task A_repeat_of_a_call_is_not_sent_and_its_reply_is_the_same_byte_for_byte()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Once));

        var first = await PutAsync(gateway, "1", ("Idempotency-Key", Key));
        var again = await PutAsync(gateway, "1", ("Idempotency-Key", Key));
        var other = await PutAsync(gateway, "1", ("Idempotency-Key", Key[..^1] + "2"));

        Assert.Equal(first, again);
        Assert.Contains("put 1", first, StringComparison.Ordinal);
        Assert.Contains("put 2", other, StringComparison.Ordinal);
        Assert.Equal(2, server.Runs("put"));
    }

    [Fact]
    public async Task Repeats_at_the_same_time_wait_for_the_first()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Once));
        await gateway.CallTextAsync("get");
        var calls = Enumerable.Range(0, 10).Select(_ => gateway.SendAsync("tools/call", """{"name":"wait","arguments":{}}""", ("Idempotency-Key", Key))).ToArray();
        await RunningGateway.UntilAsync(() => Task.FromResult(server.Runs("wait") == 1));

        server.Release();
        var replies = await Task.WhenAll(calls);

        Assert.Equal(1, server.Runs("wait"));
        Assert.Single(replies.Select(static reply => reply.Body).Distinct());
    }

    [Fact]
    public async Task The_reply_says_what_became_of_the_key_and_other_arguments_are_a_conflict()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Once));

        var first = Transaction(await MetaPutAsync(gateway, "1"));
        var again = Transaction(await MetaPutAsync(gateway, "1"));
        var conflict = JsonNode.Parse(await MetaPutAsync(gateway, "2"))!["error"]!;

        Assert.Equal((true, true, false), ((bool)first["ack"]!, (bool)first["processed"]!, (bool)first["duplicate"]!));
        Assert.True((bool)again["duplicate"]!);
        Assert.Equal((4004, false), ((int)conflict["code"]!, (bool)conflict["data"]!["retryable"]!));
        Assert.Equal(1, server.Runs("put"));
    }

    [Fact]
    public async Task The_gateway_says_that_it_takes_keys_and_begins_to_when_it_is_told_to()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, "{}"));
        Assert.Null(JsonNode.Parse(await gateway.StatelessAsync("server/discover", "{}"))!["result"]!["capabilities"]!["experimental"]);

        await gateway.ReloadAsync(RouteLimitTests.Http(server, Once));

        var offer = JsonNode.Parse(await gateway.StatelessAsync("server/discover", "{}"))!["result"]!["capabilities"]!["experimental"]!["mcp_tx"]!;
        Assert.Equal(("0.1.0", "memory", 300_000), ((string)offer["version"]!, (string)offer["durability"]!, (int)offer["window_ms"]!));
        Assert.NotEmpty((string)offer["epoch"]!);

        // Not for all any more: nobody may rely on it.
        await gateway.ReloadAsync(RouteLimitTests.Http(server, """{"defaults":{"once":true},"tools":{"get":{"once":false}}}"""));
        Assert.Null(JsonNode.Parse(await gateway.StatelessAsync("server/discover", "{}"))!["result"]!["capabilities"]!["experimental"]);
    }

    [Fact]
    public async Task A_retry_whose_first_attempt_this_ledger_has_not_seen_is_not_sent()
    {
        await using var server = await CountingServer.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Once));

        var reply = await gateway.SessionAsync("tools/call",
            $$"""{"name":"put","arguments":{"value":"1"},"_meta":{"mcp_tx":{"version":"0.1.0","idempotency_key":"{{Key}}","retry_count":1,"epoch":"another"} } }""");

        Assert.Equal(4005, (int)JsonNode.Parse(reply)!["error"]!["code"]!);
        Assert.Equal(0, server.Runs("put"));
    }

    [Fact]
    public async Task A_call_whose_server_died_is_not_sent_again_and_its_outcome_is_unknown()
    {
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Processes(Once, "--die-once"));
        using var folder = new TemporaryFolder();
        var call = $$"""{"name":"die_once","arguments":{"path":{{JsonValue.Create(folder.File("runs")).ToJsonString()}} } }""";

        var first = await gateway.SendAsync("tools/call", call, ("Idempotency-Key", Key));
        var again = await gateway.SendAsync("tools/call", call, ("Idempotency-Key", Key));

        Assert.Equal(4005, (int)JsonNode.Parse(first.Body)!["error"]!["code"]!);
        Assert.Equal(4005, (int)JsonNode.Parse(again.Body)!["error"]!["code"]!);
        Assert.Single(File.ReadAllLines(folder.File("runs")));
    }

    [Fact]
    public async Task A_server_that_keeps_keys_gets_the_key_and_its_word_counts()
    {
        await using var server = await CountingServer.StartAsync(keepsKeys: true);
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Once));

        var first = Transaction(await MetaPutAsync(gateway, "1"));
        var again = Transaction(await MetaPutAsync(gateway, "1"));
        var byHeader = await PutAsync(gateway, "1", ("Idempotency-Key", Key));

        Assert.Equal(server.Server.Ledger.Epoch, (string)first["epoch"]!);
        Assert.Equal((false, true), ((bool)first["duplicate"]!, (bool)again["duplicate"]!));
        Assert.Contains("put 1", byHeader, StringComparison.Ordinal);
        Assert.Equal(1, server.Runs("put"));
    }

    [Fact]
    public async Task A_retry_that_names_the_gateways_epoch_is_known_to_a_server_that_keeps_keys_for_a_first_attempt_that_never_came()
    {
        await using var server = await CountingServer.StartAsync(keepsKeys: true);
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Once));
        await gateway.CallTextAsync("get");
        var epoch = (string)JsonNode.Parse(await gateway.StatelessAsync("server/discover", "{}"))!["result"]!["capabilities"]!["experimental"]!["mcp_tx"]!["epoch"]!;
        string Retry(string named) => $$"""{"name":"put","arguments":{"value":"1"},"_meta":{"mcp_tx":{"version":"0.1.0","idempotency_key":"{{Key}}","retry_count":1,"timestamp":"{{DateTimeOffset.UtcNow:O}}","epoch":"{{named}}"} } }""";

        Assert.Equal(4005, (int)JsonNode.Parse(await gateway.SessionAsync("tools/call", Retry("another")))!["error"]!["code"]!);
        Assert.Equal(0, server.Runs("put"));
        Assert.Contains("put 1", await gateway.SessionAsync("tools/call", Retry(epoch)), StringComparison.Ordinal);
        Assert.Equal(1, server.Runs("put"));
    }

    [Fact]
    public async Task Keys_outlive_a_gateway_that_has_a_folder()
    {
        await using var server = await CountingServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("peregrine").FullName;
        try
        {
            var options = new GatewayOptions { StateFolder = folder };
            string first;
            await using (var before = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Once), options))
            {
                first = await PutAsync(before, "1", ("Idempotency-Key", Key));
            }

            await using var after = await RunningGateway.StartAsync(RouteLimitTests.Http(server, Once), options);
            Assert.Equal(first, await PutAsync(after, "1", ("Idempotency-Key", Key)));
            Assert.Equal(1, server.Runs("put"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> PutAsync(RunningGateway gateway, string value, (string Name, string Value) header) =>
        (await gateway.SendAsync("tools/call", $$"""{"name":"put","arguments":{"value":"{{value}}"} }""", header)).Body;

    private static Task<string> MetaPutAsync(RunningGateway gateway, string value) =>
        gateway.SessionAsync("tools/call", $$"""{"name":"put","arguments":{"value":"{{value}}"},"_meta":{"mcp_tx":{"version":"0.1.0","request_id":"r","idempotency_key":"{{Key}}"} } }""");

    private static JsonNode Transaction(string reply) => JsonNode.Parse(reply)!["result"]!["_meta"]!["mcp_tx"]!;
}
