using Peregrine.Server.Duplex;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>Bounds on calls in flight and on what waits for a peer that does not read.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task OneCallTooManyIsRefusedAtOnceAndMayBeRetried(Wire wire)
    {
        var gate = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            await gate.Task;
            call.ReturnText("ok");
        })), wire, DuplexOptions.Default with { MaxCallsInFlight = 2 });

        await peer.SendAsync(Messages.Call("wait", "1"));
        await peer.SendAsync(Messages.Call("wait", "2"));
        var refused = await peer.AskAsync(Messages.Call("wait", "3"));

        Assert.Equal(4001, refused.Code());
        Assert.True(refused.Error().GetProperty("data").GetProperty("retryable").GetBoolean());
        Assert.Equal(3, refused.GetProperty("id").GetInt32());

        gate.SetResult();
        Assert.Equal("ok", (await peer.ReceiveAsync()).Text());
        Assert.Equal("ok", (await peer.ReceiveAsync()).Text());
        Assert.Equal("ok", (await peer.AskAsync(Messages.Call("wait", "3"))).Text());
    }

    // Requests for 16 KiB each, until the server has had enough of a peer that does not read: what it holds must stay near the bound, and nothing may be lost.
    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task APeerThatDoesNotReadIsNotReadFrom(Wire wire)
    {
        const int ReplyBytes = 16 * 1024, Bound = 64 * 1024;
        var log = new LogRecords();
        var text = new string('x', ReplyBytes);
        var (made, taken, most) = (0, 0, 0);
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("generate", call =>
        {
            call.ReturnText(text);
            var held = Interlocked.Increment(ref made) - Volatile.Read(ref taken);
            InterlockedMax(ref most, held);
        })), wire, DuplexOptions.Default with { MaxUnsentBytes = Bound, MaxCallsInFlight = 1_000_000 }, log);

        var noted = log.WaitAsync("PeerDoesNotRead");
        var sending = SendUntilAsync(peer, noted);
        await noted;
        for (var ended = false; !ended || taken < await sending;)
        {
            var reply = await peer.ReceiveAsync();
            if (reply.GetProperty("id").GetRawText() == "\"end\"")
            {
                ended = true;
                continue;
            }

            Assert.Equal(ReplyBytes, reply.Text().Length);
            Interlocked.Increment(ref taken);
        }

        await peer.AssertQuietAsync();

        // Two pipes of 64 KiB, the bound, the buffer being written, and one reply of each worker.
        var allowed = (3 * Bound + 2 * Bound) / ReplyBytes + 2 * Environment.ProcessorCount + 8;
        Assert.InRange(most, 2, allowed);
        Assert.Single(log.All, static record => record.Event == "PeerDoesNotRead");
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task ATalkativeToolWaitsForItsReader(Wire wire)
    {
        const int Notifications = 20_000, Bound = 64 * 1024;
        var (sent, taken, most) = (0, 0, 0);
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("talk", async call =>
        {
            var message = new string('m', 1000);
            for (var i = 1; i <= Notifications; i++)
            {
                await call.ReportProgressAsync(i, null, message, call.CancellationToken);
                InterlockedMax(ref most, Interlocked.Increment(ref sent) - Volatile.Read(ref taken));
            }

            call.ReturnText("end");
        })), wire, DuplexOptions.Default with { MaxUnsentBytes = Bound });

        await peer.SendAsync(Messages.CallWithProgress("talk", "1"));
        for (var i = 1; i <= Notifications; i++)
        {
            Assert.Equal(i, (await peer.ReceiveAsync()).GetProperty("params").GetProperty("progress").GetInt32());
            Interlocked.Increment(ref taken);
        }

        Assert.Equal("end", (await peer.ReceiveAsync()).Text());
        Assert.InRange(most, 1, 4 * Bound / 1000);
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task APeerThatVanishesEndsTheConnection(Wire wire)
    {
        var text = new string('x', 100_000);
        var peer = TestPeer.Start(TestServer.With(new DelegateTool("generate", call => call.ReturnText(text))), wire,
            DuplexOptions.Default with { MaxUnsentBytes = 64 * 1024 });
        for (var i = 0; i < 20; i++)
        {
            await peer.SendAsync(Messages.Call("generate", $"{i}"));
        }

        peer.Vanish();

        await peer.Running.WaitAsync(TestPeer.Patience);
    }

    [Fact]
    public void FaultyOptionsAreRefusedWithEveryFault()
    {
        var faulty = new DuplexOptions { MaxMessageBytes = 1, MaxCallsInFlight = 0, MaxUnsentBytes = int.MaxValue, DrainTime = TimeSpan.FromSeconds(-1) };

        var stream = FaultOf(Wire.Stream, faulty);
        var stdio = FaultOf(Wire.Stdio, faulty);

        foreach (var message in new[] { stream.Message, stdio.Message })
        {
            Assert.All(new[] { "MaxMessageBytes is 1", "MaxCallsInFlight is 0", "MaxUnsentBytes is 2147483647", "DrainTime is -00:00:01" },
                fault => Assert.Contains(fault, message, StringComparison.Ordinal));
        }

        Assert.Empty(DuplexOptions.Default.Validate());
        Assert.Contains("DrainTime", Assert.Single(new DuplexOptions { DrainTime = TimeSpan.MaxValue }.Validate()), StringComparison.Ordinal);
    }

    private static Exception FaultOf(Wire wire, DuplexOptions faulty) =>
        TestPeer.Start(TestServer.With(), wire, faulty).Running.Exception!.InnerException!;

    private static async Task<int> SendUntilAsync(TestPeer peer, Task enough)
    {
        var sent = 0;
        while (!enough.IsCompleted)
        {
            await peer.SendAsync(Messages.Call("generate", $"{sent++}"));
        }

        await peer.SendAsync(Messages.Request("ping", "\"end\""));
        return sent;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            if (Interlocked.CompareExchange(ref target, value, seen) == seen)
            {
                return;
            }
        }
    }
}
