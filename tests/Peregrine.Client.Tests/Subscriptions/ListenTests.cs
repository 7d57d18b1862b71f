using System.Collections.Concurrent;
using System.Text.Json;
using Peregrine.Client.Subscriptions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tests.Subscriptions;

/// <summary>Subscriptions of the stateless era on a shared connection.</summary>
public sealed class ListenTests
{
    private const string Discovered = "\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{\"listChanged\":true}},\"resultType\":\"complete\"}";

    [Fact]
    public async Task Each_subscription_gets_its_own_and_ends_with_a_cancellation()
    {
        var server = new ScriptedServer((method, parameters) => method == "server/discover" ? Discovered : null);
        await using var client = await PeregrineClient.ConnectAsync(server.Connection).Soon();
        var changes = new ConcurrentQueue<ServerChange>();
        var told = new SemaphoreSlim(0);
        var subscribing = client.SubscribeAsync(new SubscriptionRequest
        {
            Tools = true,
            ResourceUris = ["test://a", "test://dir/"],
            OnChange = change =>
            {
                changes.Enqueue(change);
                told.Release();
                throw new InvalidOperationException("planted");
            },
        }).AsTask();
        var id = await IdOfAsync(server, "subscriptions/listen");
        Assert.Equal(
            """{"toolsListChanged":true,"resourceSubscriptions":["test://a","test://dir/"]}""",
            server.Messages[^1].GetProperty("params").GetProperty("notifications").GetRawText());
        await TellAsync("notifications/subscriptions/acknowledged", id, "\"notifications\":{}");
        var subscription = await subscribing.Soon();

        await TellAsync("notifications/tools/list_changed", 9999, "\"x\":1");
        await TellAsync("notifications/prompts/list_changed", id, "\"x\":1");
        await TellAsync("notifications/resources/updated", id, "\"uri\":\"test://b\"");
        await TellAsync("notifications/resources/updated", id, "\"uri\":\"test://dir/c\"");
        await TellAsync("notifications/tools/list_changed", id, "\"x\":1");
        await told.WaitAsync(Peregrine.Transport.Tests.TestTime.Limit);
        await told.WaitAsync(Peregrine.Transport.Tests.TestTime.Limit);
        Assert.Equal([new ServerChange(ServerChangeKind.Resource, "test://dir/c"), new ServerChange(ServerChangeKind.Tools, null)], changes);

        await subscription.DisposeAsync().Soon();
        Assert.Equal(id, await IdOfAsync(server, "notifications/cancelled", static message => message.GetProperty("params").GetProperty("requestId").GetInt64()));
        Assert.True(subscription.Completion.IsCompletedSuccessfully);

        Task TellAsync(string method, long of, string members) => server.SendAsync(
            $"{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\",\"params\":{{{members},\"_meta\":{{\"io.modelcontextprotocol/subscriptionId\":{of}}}}}}}");
    }

    [Fact]
    public async Task A_refusal_is_told_and_a_graceful_end_is_followed_by_another()
    {
        var time = new ManualTime();
        var listens = 0;
        var server = new ScriptedServer((method, _) => method == "server/discover" ? Discovered
            : method != "subscriptions/listen" ? null
            : ++listens switch
            {
                1 => "\"error\":{\"code\":-32601,\"message\":\"no subscriptions\"}",
                2 => "\"result\":{\"resultType\":\"complete\"}",
                _ => null,
            });
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { TimeProvider = time }).Soon();
        var request = new SubscriptionRequest { Tools = true, OnChange = static _ => { } };
        Assert.Equal("no subscriptions", (await Assert.ThrowsAsync<McpPeerException>(() => client.SubscribeAsync(request).Soon())).Message);
        await using var subscription = await client.SubscribeAsync(request).Soon();
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(100)).Soon();
        time.Advance(TimeSpan.FromMilliseconds(100));
        await WaitAsync(() => listens == 3);
        Assert.False(subscription.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_subscription_to_nothing_is_refused()
    {
        var server = new ScriptedServer((method, _) => method == "server/discover" ? Discovered : null);
        await using var client = await PeregrineClient.ConnectAsync(server.Connection).Soon();
        await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync(new SubscriptionRequest { OnChange = static _ => { } }).Soon());
        await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync(new SubscriptionRequest { ResourceUris = [""], OnChange = static _ => { } }).Soon());
    }

    private static async Task<long> IdOfAsync(ScriptedServer server, string method, Func<JsonElement, long>? read = null)
    {
        await WaitAsync(() => server.Methods.Contains(method));
        var message = server.Messages.Last(one => one.GetProperty("method").GetString() == method);
        return read?.Invoke(message) ?? message.GetProperty("id").GetInt64();
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Peregrine.Transport.Tests.TestTime.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
