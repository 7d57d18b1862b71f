using Peregrine.Server.AspNetCore.Tests.Allocation;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Subscriptions;

/// <summary>Crowds of listeners, and such as do not read.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class ManyListenersTests
{
    private const string Notifications = """{"toolsListChanged":true,"resourceSubscriptions":["test://all"]}""";

    [Fact]
    public async Task AThousandComeAndGoAndLeaveNothing()
    {
        var server = Listening.Server();
        await using var site = await Listening.StartAsync(server);

        // The first crowd makes what the process keeps: pools, the connection's memory, compiled code.
        await CrowdAsync(site, server);
        await CrowdAsync(site, server);
        var (bytes, handles) = (LiveHeap.Measure(), Handles());
        for (var i = 0; i < 3; i++)
        {
            await CrowdAsync(site, server);
        }

        // The host lets go of a connection some time after its stream has ended. One kilobyte of each listener would be three megabytes.
        await Waiting.UntilAsync(() => Handles() - handles <= 50 && LiveHeap.Measure() - bytes < 1_000_000);
        Assert.Empty(site.Log.All);
    }

    [Fact]
    public async Task AReaderThatStandsStillHoldsNobodyUpAndIsToldOnce()
    {
        var server = Listening.Server();
        await using var site = await Listening.StartAsync(server);
        using var quick = await Listening.OpenAsync(site, """{"resourceSubscriptions":["test://often","test://last"]}""");
        using var slow = await site.ConnectAsync(receiveBuffer: 8192);

        // A long id makes long messages, and the reader's buffer is small: what the system holds for it, four megabytes at most, is soon full.
        await slow.SendAsync(ListenTests.Raw("""{"resourceSubscriptions":["test://often","test://last"]}""", $"\"{new string('i', 250)}\""));
        await slow.ReceiveAsync(static text => text.Contains("acknowledged", StringComparison.Ordinal));

        const int Updates = 15_000;
        for (var i = 0; i < Updates; i++)
        {
            server.NotifyResourceUpdated("test://often");
            await quick.NextAsync();
        }

        server.NotifyResourceUpdated("test://last");
        await quick.NextAsync();
        var all = await slow.ReceiveAsync(static text => text.Length > 0 && text.AsSpan(Math.Max(0, text.Length - 2000)).Contains("test://last", StringComparison.Ordinal));

        var often = all.Split("test://often").Length - 1;
        Assert.InRange(often, 1, Updates - 1);
        Assert.Equal(2, all.Split("test://last").Length);
        Assert.True(all.LastIndexOf("test://often", StringComparison.Ordinal) < all.LastIndexOf("test://last", StringComparison.Ordinal));
    }

    private static async Task CrowdAsync(TestSite site, PeregrineServer server)
    {
        List<RawHttp> crowd = [];
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var listener = await site.ConnectAsync();
                crowd.Add(listener);
                await listener.SendAsync(ListenTests.Raw(Notifications, $"{i}"));
            }

            foreach (var listener in crowd)
            {
                await listener.ReceiveAsync(static text => text.Contains("acknowledged", StringComparison.Ordinal) && text.EndsWith("\n\n\r\n", StringComparison.Ordinal));
            }

            Assert.Equal(1000, server.OpenSubscriptions);
            server.NotifyResourceUpdated("test://all");
            foreach (var (i, listener) in crowd.Index())
            {
                var text = await listener.ReceiveAsync(static text => text.EndsWith("\n\n\r\n", StringComparison.Ordinal));
                Assert.Contains($"\"io.modelcontextprotocol/subscriptionId\":{i}}}", text, StringComparison.Ordinal);
            }
        }
        finally
        {
            crowd.ForEach(static listener => listener.Dispose());
        }

        await Waiting.UntilAsync(() => server.OpenSubscriptions == 0);
    }

    private static int Handles() => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;
}
