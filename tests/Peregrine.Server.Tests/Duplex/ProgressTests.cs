using Peregrine.Server.Binding;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>notifications/progress.</summary>
public sealed class ProgressTests
{
    [Theory]
    [InlineData(Wire.Stream, "7")]
    [InlineData(Wire.Stdio, "\"a\\u0041\"")]
    public async Task ComesInOrderAndBeforeTheReply(Wire wire, string token)
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("steps", async call =>
        {
            Assert.True(call.WantsProgress);
            for (var i = 1; i <= 100; i++)
            {
                await call.ReportProgressAsync(i, 100, $"step {i}\n");
            }

            call.ReturnText("done");
        })), wire);

        await peer.SendAsync(Messages.CallWithProgress("steps", token));

        for (var i = 1; i <= 100; i++)
        {
            var notification = await peer.ReceiveAsync();
            Assert.Equal("notifications/progress", notification.GetProperty("method").GetString());
            Assert.False(notification.TryGetProperty("id", out _));
            var parameters = notification.GetProperty("params");
            Assert.Equal(token, parameters.GetProperty("progressToken").GetRawText());
            Assert.Equal(i, parameters.GetProperty("progress").GetInt32());
            Assert.Equal(100, parameters.GetProperty("total").GetInt32());
            Assert.Equal($"step {i}\n", parameters.GetProperty("message").GetString());
        }

        Assert.Equal("done", (await peer.ReceiveAsync()).Text());
    }

    [Fact]
    public async Task IsNotSentUnlessAskedFor()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("steps", async call =>
        {
            Assert.False(call.WantsProgress);
            await call.ReportProgressAsync(1);
            new CallProgress(call).Report(2);
            call.ReturnText("done");
        })));

        Assert.Equal("done", (await peer.AskAsync(Messages.Call("steps"))).Text());
        Assert.Equal("done", (await peer.AskAsync(Messages.StatelessCall("steps"))).Text());
    }

    [Fact]
    public async Task HasNoMessageInTheFirstRevision()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("steps", call => call.ReportProgressAsync(0.5, null, "half"))));
        await peer.AskAsync(Messages.Initialize("2024-11-05"));

        var parameters = (await peer.AskAsync(Messages.CallWithProgress("steps", "1"))).GetProperty("params");

        Assert.Equal("""{"progressToken":1,"progress":0.5}""", parameters.GetRawText());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task ThatIsNoNumberIsTheToolsFault(double progress)
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("steps", call => call.ReportProgressAsync(progress))));

        Assert.True((await peer.AskAsync(Messages.CallWithProgress("steps", "1"))).IsToolError());
    }

    // A tool may have given its progress to a thread that outlives it. What that one reports must end with the call: not a byte of it may
    // come behind the reply, or under the token of a call that came after.
    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task OfAThreadThatOutlivesTheCallEndsWithTheCall(Wire wire)
    {
        using var stop = new CancellationTokenSource();
        List<Task> reporters = [];
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("leak", call =>
        {
            var begun = new TaskCompletionSource();
            lock (reporters)
            {
                reporters.Add(Task.Run(() =>
                {
                    var progress = new CallProgress(call);
                    for (var i = 1; i < 100_000 && !stop.IsCancellationRequested && IsAlive(call); i++)
                    {
                        progress.Report(i);
                        begun.TrySetResult();
                    }

                    begun.TrySetResult();
                }));
            }

            return new ValueTask(begun.Task.ContinueWith(_ => call.ReturnText("done"), TaskScheduler.Default));
        })), wire);

        for (var call = 0; call < 300; call++)
        {
            await peer.SendAsync(Messages.CallWithProgress("leak", $"\"token {call}\"", $"{call}"));
            while (true)
            {
                // Not read as JSON: there are very many of them.
                var line = await peer.ReceiveLineAsync();
                if (line.StartsWith("""{"jsonrpc":"2.0","id":""", StringComparison.Ordinal))
                {
                    Assert.StartsWith($$"""{"jsonrpc":"2.0","id":{{call}},""", line, StringComparison.Ordinal);
                    break;
                }

                Assert.Contains($"\"progressToken\":\"token {call}\"", line, StringComparison.Ordinal);
            }
        }

        stop.Cancel();
        await Task.WhenAll(reporters).WaitAsync(TestPeer.Patience);
        await peer.AssertQuietAsync();
    }

    private static bool IsAlive(Peregrine.Server.Tools.McpCall call)
    {
        try
        {
            return call.WantsProgress;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
