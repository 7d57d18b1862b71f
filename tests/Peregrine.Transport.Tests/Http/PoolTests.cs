using System.Text;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http;

public class PoolTests : OverBothTests
{
    [Fact]
    public async Task Sockets_are_used_again_and_counted()
    {
        await using var peer = await StartRawAsync(static (context, body) => RawPeer.ReplyAsync(context, Encoding.UTF8.GetString(body)));
        for (var i = 0; i < 200; i++)
        {
            (await peer.Connection.SendRequestAsync("a"u8, "{}"u8).Soon()).Dispose();
        }

        var pool = peer.Connection.Pool;
        Assert.Equal(200, pool.Requests);
        Assert.Equal(1, pool.Opened);
        Assert.Equal(1, pool.Open);
        Assert.True(pool.Reuse > 0.99, $"{pool}");
        await peer.Connection.DisposeAsync();
        Assert.Equal(0, peer.Connection.Pool.Open);
    }

    [Fact]
    public async Task No_more_sockets_than_allowed_and_no_longer_wait_than_allowed()
    {
        var time = new ManualTime();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = await StartRawAsync(
            async (context, body) =>
            {
                await release.Task;
                await RawPeer.ReplyAsync(context, Encoding.UTF8.GetString(body));
            },
            options => options with { TimeProvider = time, Pool = new HttpPoolOptions { MaxConnections = 2, WaitTimeout = TimeSpan.FromSeconds(3) } });
        var first = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        var second = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        var third = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(3)).Soon();
        time.Advance(TimeSpan.FromSeconds(3));

        var exception = await Assert.ThrowsAsync<McpTransportException>(() => third.Soon());
        Assert.Equal(TransportFault.PoolExhausted, exception.Fault);
        Assert.False(exception.MayHaveRun);
        Assert.Contains("Pool.MaxConnections", exception.Message, StringComparison.Ordinal);
        var fourth = peer.Connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        release.SetResult();
        foreach (var call in new[] { first, second, fourth })
        {
            (await call.Soon()).Dispose();
        }

        Assert.Equal(new HttpPoolStatistics(Requests: 3, Opened: 2, Open: 2, Waited: 2, Exhausted: 1), peer.Connection.Pool);
    }

    [Fact]
    public void All_faults_of_the_options_are_named_at_once()
    {
        var options = new HttpPoolOptions { MaxConnections = 0, IdleTimeout = TimeSpan.Zero, Lifetime = TimeSpan.Zero, WaitTimeout = TimeSpan.Zero, ConnectTimeout = TimeSpan.Zero };
        var exception = Assert.Throws<ArgumentException>(() => new HttpSockets(options).Dispose());
        Assert.All(["MaxConnections", "IdleTimeout", "Lifetime", "WaitTimeout", "ConnectTimeout"], name => Assert.Contains(name, exception.Message, StringComparison.Ordinal));
    }
}
