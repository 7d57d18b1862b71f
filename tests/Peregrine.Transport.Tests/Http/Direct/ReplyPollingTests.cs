using System.Net;
using System.Net.Sockets;
using Peregrine.Transport.Http.Direct;

namespace Peregrine.Transport.Tests.Http.Direct;

public sealed class ReplyPollingTests : IDisposable
{
    private readonly Socket _near;
    private readonly Socket _far;

    public ReplyPollingTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _near = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _near.Connect(listener.LocalEndpoint);
        _near.Blocking = false;
        _far = listener.AcceptSocket();
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    [Fact]
    public void What_comes_in_time_is_read()
    {
        var polling = new ReplyPolling(TimeSpan.FromMinutes(1), new ManualTime());
        var target = new byte[8];
        for (var i = 0; i < 100; i++)
        {
            Assert.True(polling.IsDue);
            _far.Send("ab"u8);
            Assert.True(polling.TryReceive(_near, target, out var count));
            Assert.Equal("ab"u8, target.AsSpan(0, count));
        }
    }

    [Fact]
    public void The_end_of_the_connection_is_read_as_such()
    {
        var polling = new ReplyPolling(TimeSpan.FromMinutes(1), new ManualTime());
        _far.Shutdown(SocketShutdown.Both);
        Assert.True(polling.TryReceive(_near, new byte[8], out var count));
        Assert.Equal(0, count);
    }

    [Fact]
    public void A_reset_is_left_to_the_usual_read_to_report()
    {
        var polling = new ReplyPolling(TimeSpan.FromMinutes(1), new ManualTime());
        _far.LingerState = new LingerOption(true, 0);
        _far.Dispose();
        Assert.False(polling.TryReceive(_near, new byte[8], out _));
    }

    [Fact]
    public void A_request_that_is_broken_off_polls_no_more()
    {
        var polling = new ReplyPolling(TimeSpan.FromMinutes(1), new ManualTime());
        _near.Dispose();
        Assert.Throws<ObjectDisposedException>(() => polling.TryReceive(_near, new byte[8], out _));
    }

    [Fact]
    public void A_server_that_is_never_so_quick_is_asked_less_and_less_often()
    {
        var polling = new ReplyPolling(TimeSpan.FromTicks(1), TimeProvider.System);
        List<int> pauses = [];
        while (pauses.Count < 12)
        {
            Assert.False(polling.TryReceive(_near, new byte[8], out _));
            var pause = 0;
            while (!polling.IsDue)
            {
                pause++;
            }

            pauses.Add(pause);
        }

        Assert.Equal([16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 4096, 4096, 4096], pauses);

        // One that is quick again is asked each time again.
        _far.Send("ab"u8);
        Assert.True(polling.TryReceive(_near, new byte[8], out _));
        Assert.True(polling.IsDue);
        Assert.False(polling.TryReceive(_near, new byte[8], out _));
        Assert.Equal(16, Enumerable.Range(0, 1000).TakeWhile(_ => !polling.IsDue).Count());
    }

    [Fact]
    public void Zero_is_never()
    {
        Assert.False(new ReplyPolling(TimeSpan.Zero, TimeProvider.System).IsDue);
    }
}
