using System.Threading.Channels;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Tests.Http;

/// <summary>Over HTTP, as on a shared connection: each report of progress moves the end of the wait, up to a cap.</summary>
public class MovingDeadlineTests : OverBothTests
{
    private static readonly SendOptions FourSecondsTenAtMost = new() { Timeout = TimeSpan.FromSeconds(4), MaxTimeout = TimeSpan.FromSeconds(10) };

    private readonly ManualTime _time = new();
    private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();
    private readonly Channel<bool> _seen = Channel.CreateUnbounded<bool>();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Progress_moves_the_end_but_not_beyond_the_cap(bool withCallback)
    {
        await using var peer = await StartAsync(
            async (context, body) =>
            {
                var token = body.GetProperty("params").GetProperty("_meta").GetProperty("progressToken");
                await foreach (var _ in _asked.Reader.ReadAllAsync(context.RequestAborted))
                {
                    // The message behind it tells that it was read.
                    await HttpPeer.EventAsync(context, $$$"""data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{token}}},"progress":1}}""" + "\n\n");
                    await HttpPeer.EventAsync(context, """data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}""" + "\n\n");
                }
            },
            change: options => options with { TimeProvider = _time });
        var reports = 0;
        var options = FourSecondsTenAtMost with
        {
            OnProgress = withCallback ? (in IncomingNotification _) => reports++ : null,
            OnNotification = (in IncomingNotification _) => _seen.Writer.TryWrite(true),
        };
        var sending = peer.Connection.SendRequestAsync("a"u8, "{}"u8, options).AsTask();
        for (var i = 0; i < 3; i++)
        {
            await _time.WaitForTimerAsync(TimeSpan.FromSeconds(Math.Min(4, 10 - (3 * i))));
            _time.Advance(TimeSpan.FromSeconds(3));
            _asked.Writer.TryWrite(true);
            await _seen.Reader.ReadAsync().AsTask().Soon();
            Assert.False(sending.IsCompleted);
        }

        Assert.Equal(withCallback ? 3 : 0, reports);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TransportFault.TimedOut, (await Assert.ThrowsAsync<McpTransportException>(() => sending.Soon())).Fault);
    }

    [Fact]
    public async Task Without_progress_the_end_stays_where_it_is()
    {
        await using var peer = await StartAsync(
            (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted), change: options => options with { TimeProvider = _time });
        var sending = peer.Connection.SendRequestAsync("a"u8, "{}"u8, FourSecondsTenAtMost).AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TransportFault.TimedOut, (await Assert.ThrowsAsync<McpTransportException>(() => sending.Soon())).Fault);
    }
}
