using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>notifications/cancelled.</summary>
public sealed class CancellationTests
{
    [Theory]
    [InlineData(Wire.Stream, false)]
    [InlineData(Wire.Stdio, false)]
    [InlineData(Wire.Stream, true)]
    [InlineData(Wire.Stdio, true)]
    public async Task FiresTheTokenAndDropsTheReply(Wire wire, bool stateless)
    {
        var (started, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            try
            {
                started.SetResult();
                await Task.Delay(Timeout.Infinite, call.CancellationToken);
            }
            finally
            {
                ended.SetResult();
            }
        })), wire);

        await peer.SendAsync(stateless ? Messages.StatelessCall("wait", "\"c\"") : Messages.Call("wait", "\"c\""));
        await started.Task.WaitAsync(TestPeer.Patience);
        await peer.SendAsync(Messages.Cancel("\"c\""));
        await ended.Task.WaitAsync(TestPeer.Patience);

        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task AToolThatIgnoresItsTokenHasItsReplyDropped()
    {
        var (started, release, returned) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("stubborn", async call =>
        {
            started.SetResult();
            await release.Task;
            Assert.True(call.CancellationToken.IsCancellationRequested);
            call.ReturnText("too late");
            returned.SetResult();
        })));

        await peer.SendAsync(Messages.Call("stubborn", "8"));
        await started.Task.WaitAsync(TestPeer.Patience);
        await peer.SendAsync(Messages.Cancel("8"));
        await peer.AssertQuietAsync();

        // Its id stays taken until the tool has let go of it.
        Assert.Equal(-32600, (await peer.AskAsync(Messages.Call("echo", "8"))).Code());
        release.SetResult();
        await returned.Task.WaitAsync(TestPeer.Patience);
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ACallThatNoWorkerHasBegunDoesNotRun()
    {
        var scheduler = new HeldScheduler();
        var ran = 0;
        var server = TestServer.Describe(new DelegateTool("count", _ => Interlocked.Increment(ref ran))).UseScheduler(scheduler).Build();
        await using var peer = TestPeer.Start(server);

        await peer.SendAsync(Messages.Call("count", "1"));
        await peer.SendAsync(Messages.Cancel("1"));

        // The reader itself refuses this: once the answer is here, the reader has seen what came before.
        Assert.Equal(-32700, (await peer.AskAsync("{")).Code());
        scheduler.Release();

        await peer.AssertQuietAsync();
        Assert.Equal(0, ran);
    }

    [Fact]
    public async Task OtherIdsAndOtherTypesOfIdsAreNotMeant()
    {
        var gate = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            await gate.Task.WaitAsync(call.CancellationToken);
            call.ReturnText("whole");
        })));

        await peer.SendAsync(Messages.Call("wait", "11"));
        foreach (var id in new[] { "\"11\"", "1", "110", "11.0", "null" })
        {
            await peer.SendAsync(Messages.Cancel(id));
        }

        await peer.AssertQuietAsync();
        gate.SetResult();
        Assert.Equal("whole", (await peer.ReceiveAsync()).Text());
    }

    [Fact]
    public async Task AfterTheReplyItIsIgnoredAndHitsNoLaterCall()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("look", call => call.ReturnValue(call.CancellationToken.IsCancellationRequested))));

        for (var i = 0; i < 200; i++)
        {
            // The exchange of the first call is likely to carry the second one.
            Assert.Equal("false", (await peer.AskAsync(Messages.Call("look", "1"))).Text());
            await peer.SendAsync(Messages.Cancel("1"));
            Assert.Equal("false", (await peer.AskAsync(Messages.Call("look", "2"))).Text());
        }
    }

    [Fact]
    public async Task CancellingCallsThatAreEndingNeverHitsAnother()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("yield", async call =>
        {
            var token = call.CancellationToken;
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            call.ReturnText("done");
        })));

        // Even ids are cancelled while they run, odd ones are not: each odd one must be answered, whole.
        var answered = 0;
        for (var round = 0; round < 50; round++)
        {
            for (var id = 0; id < 20; id++)
            {
                await peer.SendAsync(Messages.Call("yield", id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                if (id % 2 == 0)
                {
                    await peer.SendAsync(Messages.Cancel(id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                }
            }

            for (var odd = 0; odd < 10;)
            {
                var reply = await peer.ReceiveAsync();
                if (reply.GetProperty("id").GetInt32() % 2 == 1)
                {
                    Assert.Equal("done", reply.Text());
                    odd++;
                    answered++;
                }
            }

            await DrainAsync(peer);
        }

        Assert.Equal(500, answered);
    }

    // Replies of calls that ended before their cancellation came may still be on their way.
    private static async Task DrainAsync(TestPeer peer)
    {
        await peer.SendAsync(Messages.Request("ping", "\"drain\""));
        while ((await peer.ReceiveAsync()).GetProperty("id").GetRawText() != "\"drain\"")
        {
        }
    }
}
