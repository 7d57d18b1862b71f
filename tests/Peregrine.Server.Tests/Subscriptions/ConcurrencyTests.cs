using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Subscriptions;

/// <summary>Listeners that come and go while everything changes.</summary>
public sealed class ConcurrencyTests
{
    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task NothingIsLostAndNothingIsLeft(Wire wire)
    {
        var server = SubscriptionServer.Create(static options => options with { MaxResources = 500 });
        using var stop = new CancellationTokenSource();
        Task[] changing = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                server.NotifyResourceUpdated("test://a");
                server.NotifyResourceUpdated("test://b");
                server.NotifyToolsChanged();
                await Task.Yield();
            }
        }))];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => ListenAsync(server, wire, number)));

        await stop.CancelAsync();
        await Task.WhenAll(changing);
        await SubscriptionServer.UntilAsync(() => server.OpenSubscriptions == 0);

        // All places are free again, and who comes now is told.
        await using var last = TestPeer.Start(server, wire);
        var uris = string.Join(',', Enumerable.Range(0, 500).Select(static i => $"\"test://{i}\""));
        Assert.Equal(1, ListenTests.IdOf(await last.AskAsync(Messages.Listen($$"""{"resourceSubscriptions":[{{uris}}]}"""))));
        server.NotifyResourceUpdated("test://499");
        Assert.Equal(1, ListenTests.IdOf(await last.ReceiveAsync()));
    }

    // Opens and cancels streams, and a session beside them; each stream is told of each of its things at least once.
    private static async Task ListenAsync(PeregrineServer server, Wire wire, int number)
    {
        await using var peer = TestPeer.Start(server, wire);
        if (number % 2 == 0)
        {
            await peer.SendAsync(Messages.Initialize("2025-11-25"));
            await peer.SendAsync(Messages.Initialized);
            await peer.SendAsync(Messages.Request("resources/subscribe", "\"subscribe\"", """{"uri":"test://a"}"""));
        }

        for (var round = 1; round <= 40; round++)
        {
            var id = $"{(number * 1000) + round}";
            await peer.SendAsync(Messages.Listen("""{"toolsListChanged":true,"resourceSubscriptions":["test://a","test://b"]}""", id));
            HashSet<string> told = [];
            while (told.Count < 4)
            {
                var message = await peer.ReceiveAsync();
                if (!message.TryGetProperty("params", out var parameters) || !parameters.TryGetProperty("_meta", out var meta)
                    || meta.GetProperty("io.modelcontextprotocol/subscriptionId").GetRawText() != id)
                {
                    continue;
                }

                var what = message.GetProperty("method").GetString()! + (parameters.TryGetProperty("uri", out var uri) ? uri.GetString() : "");
                Assert.True(told.Count > 0 || what == "notifications/subscriptions/acknowledged", $"{what} came before the acknowledgement.");
                told.Add(what);
            }

            await peer.SendAsync(Messages.Cancel(id));
        }
    }
}
