using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Dispatch;

/// <summary>What a caller learns of a tool that throws.</summary>
public sealed class ToolFailureTests
{
    private const string Secret = "password=hunter2";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AMessageMeantForTheCallerReachesIt(bool asynchronous)
    {
        var log = new LogRecords();
        await using var peer = TestPeer.Start(Failing(asynchronous, () => new McpToolException("Ask again \"later\".\n", new InvalidOperationException(Secret)), log));

        var reply = await peer.AskAsync(Messages.Call("fail"));

        Assert.True(reply.IsToolError());
        Assert.Equal("Ask again \"later\".\n", reply.Text());
        Assert.DoesNotContain(log.All, static record => record.Event == "ToolFailed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyOtherExceptionIsANumberThatTheLogExplains(bool asynchronous)
    {
        var log = new LogRecords();
        await using var peer = TestPeer.Start(Failing(asynchronous, () => new InvalidOperationException(Secret), log));

        await peer.SendAsync(Messages.StatelessCall("fail"));
        var line = await peer.ReceiveLineAsync();

        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", line, StringComparison.Ordinal);
        Assert.Contains("failure 1.", line, StringComparison.Ordinal);
        Assert.Contains("\"isError\":true", line, StringComparison.Ordinal);
        Assert.Contains("\"resultType\":\"complete\"", line, StringComparison.Ordinal);
        var record = Assert.Single(log.All, static record => record.Event == "ToolFailed");
        Assert.Contains("(failure 1)", record.Text, StringComparison.Ordinal);
        Assert.Equal(Secret, record.Exception!.Message);
        Assert.Contains("failure 2.", (await peer.AskAsync(Messages.Call("fail"))).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACancellationThatTheCallerDidNotAskForIsAFailure()
    {
        var log = new LogRecords();
        await using var peer = TestPeer.Start(Failing(true, () => new OperationCanceledException(Secret), log));

        Assert.Contains("failure 1.", (await peer.AskAsync(Messages.Call("fail"))).Text(), StringComparison.Ordinal);
        Assert.Single(log.All, static record => record.Event == "ToolFailed");
    }

    [Fact]
    public async Task ACancelledCallIsNoFailure()
    {
        var log = new LogRecords();
        var (started, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var server = TestServer.Describe(new DelegateTool("wait", async call =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, call.CancellationToken);
            }
            finally
            {
                ended.SetResult();
            }
        })).UseLogging(log).Build();
        await using var peer = TestPeer.Start(server);

        await peer.SendAsync(Messages.Call("wait"));
        await started.Task.WaitAsync(TestPeer.Patience);
        await peer.SendAsync(Messages.Cancel("1"));
        await ended.Task.WaitAsync(TestPeer.Patience);
        await peer.AssertQuietAsync();
        await peer.EndAsync();

        Assert.DoesNotContain(log.All, static record => record.Event == "ToolFailed");
    }

    [Fact]
    public async Task AResultBegunBeforeTheFailureIsDropped()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("both", call =>
        {
            call.ReturnText("all is well");
            throw new McpToolException("it is not");
        })));

        Assert.Equal("it is not", (await peer.AskAsync(Messages.Call("both"))).Text());
    }

    [Fact]
    public async Task TheLastResultCounts()
    {
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("twice", call =>
        {
            call.RejectArguments("wrong");
            call.ReturnText("first");
            call.ReturnText("second");
        })));

        var reply = await peer.AskAsync(Messages.Call("twice"));

        Assert.Equal("second", reply.Text());
        Assert.False(reply.IsToolError());
    }

    private static PeregrineServer Failing(bool asynchronous, Func<Exception> exception, LogRecords log) =>
        TestServer.Describe(new DelegateTool("fail", async _ =>
        {
            if (asynchronous)
            {
                await Task.Yield();
            }

            throw exception();
        })).UseLogging(log).Build();
}
