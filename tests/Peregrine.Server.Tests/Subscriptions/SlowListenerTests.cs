using Peregrine.Server.Duplex;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Subscriptions;

/// <summary>A reader that is behind delays nobody, and is told of each thing once when it reads again.</summary>
public sealed class SlowListenerTests
{
    [Theory]
    [InlineData(Wire.Stream, true)]
    [InlineData(Wire.Stream, false)]
    [InlineData(Wire.Stdio, true)]
    [InlineData(Wire.Stdio, false)]
    public async Task ManyUpdatesCollapse(Wire wire, bool stateless)
    {
        const int Updates = 5000;
        var server = SubscriptionServer.Create();
        await using var slow = TestPeer.Start(server, wire, DuplexOptions.Default with { MaxUnsentBytes = 64 * 1024 });
        await using var quick = TestPeer.Start(server);
        await quick.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://often","test://last"]}"""));
        await SubscribeAsync(slow, stateless);

        for (var i = 0; i < Updates; i++)
        {
            server.NotifyResourceUpdated("test://often");

            // The other reader keeps up whatever the first does.
            Assert.Equal("test://often", await UriAsync(quick));
        }

        server.NotifyResourceUpdated("test://last");
        Assert.Equal("test://last", await UriAsync(quick));

        List<string> received = [];
        do
        {
            received.Add(await UriAsync(slow));
        }
        while (received[^1] != "test://last");

        Assert.Equal("test://often", received[^2]);
        Assert.Single(received, "test://last");
        Assert.True(received.Count < Updates / 2, $"{received.Count} notifications were kept.");
        await slow.AssertQuietAsync();
    }

    [Fact]
    public async Task AStreamThatEndsIsReadToItsEnd()
    {
        var server = SubscriptionServer.Create();
        await using var slow = TestPeer.Start(server, options: DuplexOptions.Default with { MaxUnsentBytes = 64 * 1024 });
        await slow.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://often"]}"""));
        for (var i = 0; i < 2000; i++)
        {
            server.NotifyResourceUpdated("test://often");
        }

        var closing = server.CloseSubscriptionsAsync(TestContext.Current.CancellationToken);
        string line;
        do
        {
            line = await slow.ReceiveLineAsync();
        }
        while (!line.Contains("\"result\"", StringComparison.Ordinal));

        await closing.WaitAsync(TestPeer.Patience);
    }

    [Fact]
    public async Task AReaderThatTakesNoEndIsCutOff()
    {
        var server = SubscriptionServer.Create();
        await using var slow = TestPeer.Start(server, options: DuplexOptions.Default with { MaxUnsentBytes = 64 * 1024 });
        await slow.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://often"]}"""));

        // A reply that nobody reads fills all there is on the way.
        await slow.SendAsync(Messages.StatelessCall("echo", "2", $$"""{"message":"{{new string('x', 400_000)}}"}"""));
        await slow.SendAsync(Messages.StatelessCall("echo", "3", """{"message":"behind it"}"""));
        using var patience = new CancellationTokenSource();
        var closing = server.CloseSubscriptionsAsync(patience.Token);
        await patience.CancelAsync();

        await closing.WaitAsync(TestPeer.Patience);
        Assert.Equal(0, server.OpenSubscriptions);
    }

    private static async Task SubscribeAsync(TestPeer peer, bool stateless)
    {
        if (stateless)
        {
            await peer.AskAsync(Messages.Listen("""{"resourceSubscriptions":["test://often","test://last"]}"""));
            return;
        }

        await peer.AskAsync(Messages.Initialize("2025-11-25"));
        await peer.SendAsync(Messages.Initialized);
        await peer.AskAsync(Messages.Request("resources/subscribe", "1", """{"uri":"test://often"}"""));
        await peer.AskAsync(Messages.Request("resources/subscribe", "2", """{"uri":"test://last"}"""));
    }

    private static async Task<string> UriAsync(TestPeer peer) => (await peer.ReceiveAsync()).GetProperty("params").GetProperty("uri").GetString()!;
}
