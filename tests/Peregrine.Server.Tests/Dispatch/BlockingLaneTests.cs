using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Dispatch;

/// <summary>Which thread a tool runs on.</summary>
public sealed class BlockingLaneTests
{
    private const string LaneThread = "Peregrine blocking tool";

    [Fact]
    public async Task AToolMarkedBlockingRunsOnAThreadOfItsOwn()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("where", call => call.ReturnText(Thread.CurrentThread.Name ?? ""), blocking: true)));

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(LaneThread, (await peer.AskAsync(Messages.Call("where"))).Text());
        }
    }

    [Fact]
    public async Task BlockingToolsHoldNobodyUp()
    {
        using var forever = new ManualResetEventSlim();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("block", call =>
        {
            forever.Wait();
            call.ReturnText("at last");
        }, blocking: true)), Wire.Stdio);

        for (var i = 0; i < 100; i++)
        {
            await peer.SendAsync(Messages.Call("block", $"{i}"));
        }

        // Answered while a hundred threads are held.
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("nothing", (await peer.AskAsync(Messages.Call("echo", "\"e\""))).Text());
        }

        forever.Set();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("at last", (await peer.ReceiveAsync()).Text());
        }
    }

    [Fact]
    public async Task TheLaneHasNoMoreThreadsThanItsLimit()
    {
        using var gate = new SemaphoreSlim(0);
        var (running, most) = (0, 0);
        var server = TestServer.Describe(new DelegateTool("block", call =>
        {
            var now = Interlocked.Increment(ref running);
            lock (gate)
            {
                most = Math.Max(most, now);
            }

            gate.Wait();
            Interlocked.Decrement(ref running);
            call.ReturnText("ok");
        }, blocking: true)).Configure(static o => o with { MaxBlockingCalls = 3 }).Build();
        await using var peer = TestPeer.Start(server);

        for (var i = 0; i < 30; i++)
        {
            await peer.SendAsync(Messages.Call("block", $"{i}"));
        }

        for (var i = 0; i < 30; i++)
        {
            gate.Release();
            Assert.Equal("ok", (await peer.ReceiveAsync()).Text());
        }

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task AToolThatHeldItsWorkerMovesThereAndComesBackAfterQuickCalls()
    {
        var time = new SteppedTime();
        var log = new LogRecords();
        var hold = TimeSpan.Zero;
        var server = TestServer.Describe(new DelegateTool("slow", call =>
        {
            time.Advance(hold);
            call.ReturnValue(Thread.CurrentThread.Name == LaneThread);
        })).Configure(o => o with { TimeProvider = time }).UseLogging(log).Build();
        await using var peer = TestPeer.Start(server);
        async Task<string> WhereAsync(TimeSpan held)
        {
            hold = held;
            return (await peer.AskAsync(Messages.Call("slow"))).Text();
        }

        Assert.Equal("false", await WhereAsync(TimeSpan.FromMilliseconds(49)));
        Assert.Equal("false", await WhereAsync(TimeSpan.FromMilliseconds(75)));

        // From now on in the lane, until 64 calls in a row were quick.
        for (var i = 0; i < 63; i++)
        {
            Assert.Equal("true", await WhereAsync(TimeSpan.FromMilliseconds(1)));
        }

        Assert.Equal("true", await WhereAsync(TimeSpan.FromMilliseconds(60)));
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal("true", await WhereAsync(TimeSpan.Zero));
        }

        Assert.Equal("false", await WhereAsync(TimeSpan.Zero));
        var record = Assert.Single(log.All, static record => record.Event == "ToolHeldWorker");
        Assert.Contains(" 75 ms", record.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABlockingToolMayAwait()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("mixed", async call =>
        {
            await Task.Yield();
            call.ReturnText("awaited");
        }, blocking: true), new DelegateTool("throws", async _ =>
        {
            await Task.Yield();
            throw new Peregrine.Server.Tools.McpToolException("no");
        }, blocking: true)));

        Assert.Equal("awaited", (await peer.AskAsync(Messages.Call("mixed"))).Text());
        Assert.Equal("no", (await peer.AskAsync(Messages.Call("throws"))).Text());
    }

    [Fact]
    public async Task ACallCancelledInTheQueueOfTheLaneDoesNotRun()
    {
        using var gate = new ManualResetEventSlim();
        var ran = 0;
        var server = TestServer.Describe(
            new DelegateTool("hold", _ => gate.Wait(), blocking: true),
            new DelegateTool("count", _ => Interlocked.Increment(ref ran), blocking: true)).Configure(static o => o with { MaxBlockingCalls = 1 }).Build();
        await using var peer = TestPeer.Start(server);

        await peer.SendAsync(Messages.Call("hold", "1"));
        await peer.SendAsync(Messages.Call("count", "2"));
        await peer.SendAsync(Messages.Cancel("2"));
        await peer.AssertQuietAsync();
        gate.Set();

        Assert.Equal(1, (await peer.ReceiveAsync()).GetProperty("id").GetInt32());
        await peer.AssertQuietAsync();
        Assert.Equal(0, ran);
    }
}
