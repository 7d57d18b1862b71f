using System.Text;
using Microsoft.AspNetCore.Http;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http.Direct;

/// <summary>Calls that are cancelled and time out beside others that are not: none gets another's reply, and no socket or place is lost.</summary>
public sealed class CancelledCallsTests
{
    private const int Callers = 12;
    private const int CallsPerCaller = 80;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_call_has_its_own_end_and_nothing_is_left_of_it(bool polls)
    {
        using var sockets = new HttpSockets(new HttpPoolOptions { UsesOwnSockets = true, ReplyPolling = TimeSpan.FromMicroseconds(100), MaxConnections = Callers });
        await using var peer = await HttpPeer.StartAsync(
            async (context, body) =>
            {
                var number = body.GetProperty("params").GetProperty("number").GetInt32();

                // Some answer at once, some after a moment, some not before they are given up; some as events.
                if (number % 4 == 1)
                {
                    await Task.Delay(1 + (number % 3), context.RequestAborted);
                }
                else if (number % 4 == 2)
                {
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                    return;
                }

                var reply = HttpPeer.Reply(body, $$"""{"number":{{number}}}""");
                await (number % 8 == 3 ? HttpPeer.EventAsync(context, $"data: {reply}\n\n") : HttpPeer.JsonAsync(context, reply));
            },
            change: options => options with { Sockets = sockets });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(peer.Connection, caller, polls))));

        var ended = outcomes.SelectMany(static each => each).ToLookup(static outcome => outcome);
        Assert.Equal(Callers * CallsPerCaller / 4, ended["cancelled"].Count() + ended["timed out"].Count());
        Assert.NotEmpty(ended["cancelled"]);
        Assert.NotEmpty(ended["timed out"]);
        Assert.Equal(Callers * CallsPerCaller * 3 / 4, ended["answered"].Count());

        // All places are free again: as many calls as there are places, all at once.
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ => (await peer.Connection.SendRequestAsync("a"u8, """{"number":1}"""u8).Soon()).Dispose()));
        Assert.InRange(sockets.Statistics.Open, 1, Callers);
    }

    private static async Task<List<string>> CallAsync(HttpConnection connection, int caller, bool polls)
    {
        List<string> outcomes = [];
        for (var i = 0; i < CallsPerCaller; i++)
        {
            var number = (caller * CallsPerCaller) + i;
            using var cancel = new CancellationTokenSource();
            var isLost = number % 4 == 2;
            var timesOut = isLost && number % 8 == 2;
            var options = new SendOptions { Timeout = timesOut ? TimeSpan.FromMilliseconds(5) : TestTime.Limit, MayPoll = polls };
            try
            {
                var call = connection.SendRequestAsync("a"u8, Encoding.UTF8.GetBytes($$"""{"number":{{number}}}"""), options, cancel.Token);
                if (isLost && !timesOut)
                {
                    await Task.Yield();
                    await cancel.CancelAsync();
                }

                using var reply = await call;
                Assert.Equal($$"""{"number":{{number}}}""", Encoding.UTF8.GetString(reply.Result.Span));
                outcomes.Add("answered");
            }
            catch (OperationCanceledException)
            {
                outcomes.Add("cancelled");
            }
            catch (McpTransportException exception) when (exception.Fault == TransportFault.TimedOut)
            {
                outcomes.Add("timed out");
            }
        }

        return outcomes;
    }
}
