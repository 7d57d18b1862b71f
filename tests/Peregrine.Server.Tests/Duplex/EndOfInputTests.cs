using System.Diagnostics;
using Peregrine.Server.Duplex;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>What happens to calls in flight when the peer closes its side, or the server is told to end.</summary>
public sealed class EndOfInputTests
{
    private static readonly DuplexOptions Brief = DuplexOptions.Default with { DrainTime = TimeSpan.FromMilliseconds(50) };
    private static readonly DuplexOptions Patient = DuplexOptions.Default with { DrainTime = TestPeer.Patience };

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task CallsThatEndInTimeAreAnswered(Wire wire)
    {
        var gate = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            await gate.Task;
            call.ReturnText("in time");
        })), wire, Patient);

        await peer.SendAsync(Messages.Call("wait", "1"));
        await peer.SendAsync(Messages.Call("wait", "2"));
        await peer.AssertQuietAsync();
        peer.EndInput();
        Assert.False(peer.Running.IsCompleted);
        gate.SetResult();

        Assert.Equal("in time", (await peer.ReceiveAsync()).Text());
        Assert.Equal("in time", (await peer.ReceiveAsync()).Text());
        await peer.Running.WaitAsync(TestPeer.Patience);
    }

    [Fact]
    public async Task WhatComesWhileTheServerEndsIsToldToTryAgain()
    {
        var (started, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var stopping = new CancellationTokenSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            started.SetResult();
            await gate.Task;
            call.ReturnText("in time");
        })), Wire.Stdio, Patient, cancellationToken: stopping.Token);

        await peer.SendAsync(Messages.Call("wait", "1"));
        await started.Task.WaitAsync(TestPeer.Patience);
        await stopping.CancelAsync();

        // The end is told to another thread: until it has heard, calls are still taken.
        var answer = await peer.AskAsync(Messages.Request("ping", "2", "{}"));
        for (var begun = Stopwatch.GetTimestamp(); !answer.TryGetProperty("error", out _) && Stopwatch.GetElapsedTime(begun) < TestPeer.Patience;)
        {
            answer = await peer.AskAsync(Messages.Request("ping", "2", "{}"));
        }

        Assert.Equal(4006, answer.Code());
        Assert.True(answer.Error().GetProperty("data").GetProperty("retryable").GetBoolean());
        gate.SetResult();
        Assert.Equal("in time", (await peer.ReceiveAsync()).Text());
        await peer.Running.WaitAsync(TestPeer.Patience);
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task CallsThatDoNotEndAreCancelled(Wire wire)
    {
        var cancelled = 0;
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, call.CancellationToken);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref cancelled);
                throw;
            }
        })), wire, Brief);

        for (var i = 0; i < 50; i++)
        {
            await peer.SendAsync(Messages.Call("wait", $"{i}"));
        }

        await peer.AssertQuietAsync();
        await peer.EndAsync();

        // The server does not wait for ever, but on any machine longer than a cancellation takes.
        var begun = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref cancelled) < 50 && Stopwatch.GetElapsedTime(begun) < TestPeer.Patience)
        {
            await Task.Yield();
        }

        Assert.Equal(50, cancelled);
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task AToolThatNeverReturnsIsAbandoned(Wire wire)
    {
        var forever = new ManualResetEventSlim();
        var started = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("stuck", _ =>
        {
            started.SetResult();
            forever.Wait();
        }, blocking: true)), wire, Brief);

        await peer.SendAsync(Messages.Call("stuck"));
        await started.Task.WaitAsync(TestPeer.Patience);
        await peer.EndAsync();

        forever.Set();
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task APeerThatDoesNotReadDoesNotHoldTheEnd(Wire wire)
    {
        var text = new string('x', 1_000_000);
        var made = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("generate", call =>
        {
            call.ReturnText(text);
            made.SetResult();
        })), wire, Brief);

        await peer.SendAsync(Messages.Call("generate"));
        await made.Task.WaitAsync(TestPeer.Patience);
        await peer.EndAsync();
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task ALongReplyUnderWayIsWrittenToItsEnd(Wire wire)
    {
        var text = new string('x', 1_000_000);
        var made = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("generate", call =>
        {
            call.ReturnText(text);
            made.SetResult();
        })), wire, Patient);

        // The pipe holds a small part of the reply, so the server is in the middle of writing when its input ends.
        await peer.SendAsync(Messages.Call("generate"));
        await made.Task.WaitAsync(TestPeer.Patience);
        peer.EndInput();
        Assert.False(peer.Running.IsCompleted);

        Assert.Equal(text.Length, (await peer.ReceiveAsync()).Text().Length);
        await peer.Running.WaitAsync(TestPeer.Patience);
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task ALastMessageWithoutLineFeedIsTaken(Wire wire)
    {
        await using var peer = TestPeer.Start(TestServer.With(), wire);

        await peer.SendRawAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"u8.ToArray());
        peer.EndInput();

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", await peer.ReceiveLineAsync());
        await peer.Running.WaitAsync(TestPeer.Patience);
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task TheTokenEndsTheServer(Wire wire)
    {
        using var end = new CancellationTokenSource();
        await using var peer = TestPeer.Start(TestServer.With(), wire, Brief, cancellationToken: end.Token);
        await peer.AssertQuietAsync();

        await end.CancelAsync();

        await peer.Running.WaitAsync(TestPeer.Patience);
    }

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task ABurstBeforeTheEndIsAnsweredWhole(Wire wire)
    {
        for (var round = 0; round < 20; round++)
        {
            await using var peer = TestPeer.Start(TestServer.With(), wire, Patient);
            for (var i = 0; i < 200; i++)
            {
                await peer.SendAsync(Messages.Call("echo", $"{i}"));
            }

            peer.EndInput();
            HashSet<int> ids = [];
            for (var i = 0; i < 200; i++)
            {
                Assert.True(ids.Add((await peer.ReceiveAsync()).GetProperty("id").GetInt32()));
            }

            await peer.Running.WaitAsync(TestPeer.Patience);
        }
    }
}
