using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Peregrine.Client;
using Peregrine.Client.Subscriptions;
using Peregrine.Gateway.Tests.Hosting;
using Peregrine.Gateway.Tests.Policies;
using Peregrine.Gateway.Tests.Serving;
using Peregrine.Protocol.Versions;
using Peregrine.Server;
using Peregrine.Server.Resources;

namespace Peregrine.Gateway.Tests.Subscriptions;

/// <summary>Updates that come as soon as a subscriber was told that it hears of them, and updates while nobody could tell.</summary>
public sealed class FirstUpdateTests
{
    private const string Uri = "memo://value";

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task An_update_right_after_the_subscription_was_agreed_to_is_told_however_late_the_server_agrees(ProtocolEra era)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var agree = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = PeregrineServer.CreateBuilder("behind", "1").AddResource(new McpResourceDefinition { Uri = Uri, Name = "value" },
            static (_, _) => ValueTask.FromResult(McpResourceResult.From(McpResourceContents.FromText(Uri, "1")))).Build();
        await using var behind = await HttpServer.StartAsync(server, before: async context =>
        {
            if (await SubscribesAsync(context))
            {
                seen.TrySetResult();
                await agree.Task;
            }
        });
        await using var gateway = await behind.StartGatewayAsync("stateless");
        await using var client = await PeregrineClient.ConnectAsync(gateway.Endpoint, new PeregrineClientOptions { Era = era });
        await client.ListToolsAsync();
        var told = new Changes();

        // The server updates at once, when the subscriber thinks that it listens.
        var subscribing = SubscribeThenChangeAsync();
        await seen.Task.WaitAsync(RunningGateway.Patience);
        await client.PingAsync();
        agree.SetResult();
        await using var subscription = await subscribing;

        Assert.Equal(new ServerChange(ServerChangeKind.Resource, Uri), await told.NextAsync());

        async Task<RemoteSubscription> SubscribeThenChangeAsync()
        {
            var begun = await client.SubscribeAsync(told.Of(Uri));
            server.NotifyResourceUpdated(Uri);
            return begun;
        }
    }

    [Fact]
    public async Task A_server_that_comes_back_may_have_changed_meanwhile_what_is_subscribed_to()
    {
        var server = await CountingServer.StartAsync();
        var url = server.Url[..^"/mcp".Length];
        await using var gateway = await RunningGateway.StartAsync(RouteLimitTests.Http(server, "{}"));
        await using var client = await PeregrineClient.ConnectAsync(gateway.Endpoint);
        await client.ListToolsAsync();
        var told = new Changes();
        await using var subscription = await client.SubscribeAsync(told.Of(Uri));

        await server.DisposeAsync();
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single().Connections == 0));
        await using var again = await CountingServer.StartAsync(url: url);

        Assert.Equal(ServerChangeKind.Resource, (await told.NextAsync()).Kind);
    }

    [Fact]
    public async Task A_stream_of_changes_that_breaks_is_opened_again_and_what_changed_meanwhile_is_seen()
    {
        var streams = new ConcurrentQueue<HttpContext>();
        var server = PeregrineServer.CreateBuilder("behind", "1").AddTool(new HelloTool()).Build();
        await using var behind = await HttpServer.StartAsync(server, before: async context =>
        {
            if ((await BodyOfAsync(context)).Contains("subscriptions/listen", StringComparison.Ordinal))
            {
                streams.Enqueue(context);
            }
        });
        await using var gateway = await behind.StartGatewayAsync("stateless");
        await RunningGateway.UntilAsync(() => Task.FromResult(streams.Count == 1));
        await gateway.Gateway.Upstreams.Single().WatchingAsync(CancellationToken.None);
        Assert.True(streams.TryDequeue(out var stream));

        // Nobody hears of it: the stream is gone, and the next one is not there yet.
        stream.Abort();
        server.Tools.Add(new HelloTool("late"));

        await RunningGateway.UntilAsync(() => Task.FromResult(streams.Count == 1));
        await RunningGateway.UntilAsync(async () => await gateway.CallTextAsync("hello") == "hi" && (await gateway.SessionAsync("tools/list", "{}")).Contains("\"late\"", StringComparison.Ordinal));
        Assert.Equal(0, gateway.Gateway.Upstreams.Single().Restarts);
    }

    [Fact]
    public async Task Subscriptions_outlive_another_configuration_of_their_server()
    {
        await using var server = await CountingServer.StartAsync();
        string Configuration(int seconds) => $$"""{"servers": { "only": { "url": "{{server.Url}}" } }, "peregrine": { "callTimeoutSeconds": {{seconds}} } }""";
        await using var gateway = await RunningGateway.StartAsync(Configuration(60));
        await using var client = await PeregrineClient.ConnectAsync(gateway.Endpoint);
        await client.ListToolsAsync();
        var told = new Changes();
        await using var subscription = await client.SubscribeAsync(told.Of(Uri));

        await gateway.ReloadAsync(Configuration(30));
        Assert.Equal(ServerChangeKind.Resource, (await told.NextAsync()).Kind);
        await gateway.Gateway.Upstreams.Single().WatchingAsync(CancellationToken.None);
        told.Forget();
        server.Change("new");

        Assert.Equal(ServerChangeKind.Resource, (await told.NextAsync()).Kind);
    }

    private static async Task<bool> SubscribesAsync(HttpContext context) => (await BodyOfAsync(context)).Contains("resourceSubscriptions", StringComparison.Ordinal);

    private static async Task<string> BodyOfAsync(HttpContext context)
    {
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        context.Request.Body.Position = 0;
        return body;
    }

    private sealed class Changes
    {
        private readonly ConcurrentQueue<ServerChange> _changes = new();
        private readonly SemaphoreSlim _came = new(0);

        internal SubscriptionRequest Of(string uri) => new()
        {
            ResourceUris = [uri],
            OnChange = change =>
            {
                _changes.Enqueue(change);
                _came.Release();
            },
        };

        internal async Task<ServerChange> NextAsync()
        {
            Assert.True(await _came.WaitAsync(RunningGateway.Patience), "nothing was told");
            Assert.True(_changes.TryDequeue(out var change));
            return change;
        }

        internal void Forget()
        {
            while (_came.Wait(0))
            {
                _changes.TryDequeue(out _);
            }
        }
    }
}
