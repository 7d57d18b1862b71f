using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Subscriptions;

/// <summary>Clients that come, read a little and break off, while everything changes.</summary>
public sealed class ChurnTests
{
    [Fact]
    public async Task NobodyReadsWhatIsMeantForAnother()
    {
        var server = Listening.Server();
        await using var site = await Listening.StartAsync(server);
        using var stop = new CancellationTokenSource();
        Task[] changing = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                server.NotifyResourceUpdated("test://all");
                server.NotifyToolsChanged();
                await Task.Yield();
            }
        }))];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => ComeAndGoAsync(site, number)));

        await stop.CancelAsync();
        await Task.WhenAll(changing);
        await Waiting.UntilAsync(() => server.OpenSubscriptions == 0);
        Assert.Empty(site.Log.All);
    }

    private static async Task ComeAndGoAsync(TestSite site, int number)
    {
        for (var round = 0; round < 40; round++)
        {
            using var raw = await site.ConnectAsync();

            // A call on the same connection first, so that what a stream has used is used again.
            var call = TestSite.Call("echo");
            await raw.SendAsync(RawHttp.Head(call.Length, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: echo") + call);
            Assert.Contains("\"result\"", await raw.ReceiveResponseAsync(), StringComparison.Ordinal);
            var id = $"\"{number}-{round}\"";
            await raw.SendAsync(ListenTests.Raw("""{"toolsListChanged":true,"resourceSubscriptions":["test://all"]}""", id));
            var text = await raw.ReceiveAsync(static text => text.Contains("resources/updated", StringComparison.Ordinal) && text.Contains("list_changed", StringComparison.Ordinal));

            var messages = text.Split("data: ").Skip(1).ToList();
            Assert.Contains("subscriptions/acknowledged", messages[0], StringComparison.Ordinal);
            Assert.All(messages.SkipLast(1), message => Assert.Contains($"subscriptionId\":{id}}}", message, StringComparison.Ordinal));
            if (round % 2 == 0)
            {
                raw.Reset();
            }
        }
    }
}
