using System.Globalization;
using System.Text;
using Peregrine.Server.AspNetCore.Http;
using Peregrine.Server.AspNetCore.Sessions;
using Peregrine.Server.AspNetCore.Tests.Serving;

namespace Peregrine.Server.AspNetCore.Tests.Sessions;

/// <summary>A client whose connection breaks again and again gets every message once, in order.</summary>
public sealed class BrokenConnectionTests
{
    [Theory]
    [InlineData(1, "2025-03-26")]
    [InlineData(2, "2025-06-18")]
    [InlineData(3, "2025-11-25")]
    public async Task OfAStream(int seed, string version)
    {
        const int Messages = 1500;
        var random = new Random(seed);
        await using var site = await SessionSite.StartAsync(HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { MaxReplayEvents = 100_000 } });
        var session = await site.OpenAsync(version);
        var sending = SendAllAsync(site.EndOf(session), Messages);

        string? last = null;
        var expected = 1;
        while (expected <= Messages)
        {
            using var stream = await session.ReadAsync(last);

            // At least one, for who knows no id yet has nothing to go on with.
            for (var left = random.Next(1, 60); left > 0 && expected <= Messages;)
            {
                var next = await stream.NextAsync();
                last = next.Id ?? last;
                if (!string.IsNullOrEmpty(next.Data))
                {
                    Assert.Equal(expected++, next.Message().GetProperty("params").GetProperty("n").GetInt32());
                    left--;
                }
            }
        }

        await sending.WaitAsync(TestSite.Patience);
        await Waiting.UntilAsync(() => site.Sessions.OpenConnections == 0);
        Assert.Empty(site.Site.Log.All);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task OfACall(int seed)
    {
        const int Steps = 600;
        var random = new Random(seed);
        await using var site = await SessionSite.StartAsync(
            HttpFrontOptions.Default with { Sessions = HttpSessionOptions.Default with { MaxReplayEvents = 100_000, MaxQueuedMessages = 100_000, MaxQueuedBytes = 1 << 28, MaxReplayBytes = 1 << 28 } },
            new DelegateTool("steps", static async call =>
            {
                for (var i = 1; i <= Steps; i++)
                {
                    await call.ReportProgressAsync(i);
                    await Task.Yield();
                }

                call.ReturnText("done");
            }));
        var session = await site.OpenAsync("2025-11-25");

        var stream = await session.StreamAsync("steps");
        string? last = null;
        for (var expected = 1; expected <= Steps + 1;)
        {
            var next = await stream.NextAsync();
            last = next.Id;
            if (string.IsNullOrEmpty(next.Data))
            {
                continue;
            }

            var message = next.Message();
            if (expected++ <= Steps)
            {
                Assert.Equal(expected - 1, message.GetProperty("params").GetProperty("progress").GetInt32());
            }
            else
            {
                Assert.Equal("done", message.Text());
            }

            if (random.Next(20) == 0 && expected <= Steps + 1)
            {
                stream.Dispose();
                stream = await session.ReadAsync(last);
            }
        }

        stream.Dispose();
        Assert.Equal("{}", (await session.CallAsync("echo")).Text());
        Assert.Empty(site.Site.Log.All);
    }

    private static async Task SendAllAsync(HttpSession session, int messages)
    {
        for (var i = 1; i <= messages; i++)
        {
            var message = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"jsonrpc":"2.0","method":"notifications/x","params":{"n":{{{i}}}} }"""));
            while (!session.TrySend(message))
            {
                await Task.Yield();
            }
        }
    }
}
