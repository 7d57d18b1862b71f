using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;
using static Peregrine.Server.Tests.Once.KeyedMessages;

namespace Peregrine.Server.Tests.Once;

/// <summary>Calls with a key that are lost, late, cancelled, forgotten or in several rounds.</summary>
public sealed class OnceOutcomeTests
{
    [Fact]
    public async Task ARetryOfAForgottenKeyIsNotRun()
    {
        var counter = new CountingTool();
        var server = TestServer.With(counter);
        await using var peer = TestPeer.Start(server);
        var epoch = server.Ledger.Epoch;
        var now = DateTimeOffset.UtcNow;

        // Another epoch, none, one too old, and none that says when.
        foreach (var transaction in new[]
        {
            Transaction("K", retry: 1, epoch: "another", timestamp: now),
            Transaction("K", retry: 1, epoch: null, timestamp: now),
            Transaction("K", retry: 1, epoch: epoch, timestamp: now.AddMinutes(-6)),
            Transaction("K", retry: 1, epoch: epoch, timestamp: null),
        })
        {
            var reply = await peer.AskAsync(Raw("count", transaction, stateless: true));
            Assert.Equal(4005, reply.Code());
            Assert.True(reply.Error().GetProperty("data").GetProperty("mcp_tx").GetProperty("ack").GetBoolean());
            Assert.False(reply.Error().GetProperty("data").GetProperty("mcp_tx").TryGetProperty("processed", out _));
        }

        Assert.Equal(0, counter.Runs);
        Assert.Equal("run 1", (await peer.AskAsync(Raw("count", Transaction("K", retry: 1, epoch: epoch, timestamp: now), stateless: true))).Text());
        Assert.Equal(-32602, (await peer.AskAsync(Raw("count", Transaction("L", retry: 0, epoch: epoch, timestamp: now.AddMinutes(2)), stateless: true))).Code());
        Assert.Equal(1, counter.Runs);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task WhatMayBeRepeatedIsRunForARetryOfAForgottenKey(bool readOnly, bool idempotent)
    {
        var counter = new CountingTool("count", readOnly, idempotent);
        await using var peer = TestPeer.Start(TestServer.With(counter));
        Assert.Equal("run 1", (await peer.AskAsync(Raw("count", Transaction("K", retry: 1, epoch: "old", timestamp: DateTimeOffset.UtcNow), stateless: true))).Text());
        Assert.True((await peer.AskAsync(Raw("count", Transaction("K", retry: 2, epoch: "old", timestamp: DateTimeOffset.UtcNow), stateless: true))).Transaction().GetProperty("duplicate").GetBoolean());
    }

    [Theory]
    [InlineData(McpReconciliationOutcome.Happened)]
    [InlineData(McpReconciliationOutcome.DidNotHappen)]
    [InlineData(McpReconciliationOutcome.Unknown)]
    public async Task AToolThatCanFindOutIsAsked(McpReconciliationOutcome outcome)
    {
        var tool = new ReconcilingTool(outcome);
        await using var peer = TestPeer.Start(TestServer.With(tool));
        var lost = Raw("pay", Transaction("K", retry: 1, epoch: "old", timestamp: DateTimeOffset.UtcNow), stateless: true);

        var reply = await peer.AskAsync(lost);

        Assert.Equal(["K"], tool.Asked);
        switch (outcome)
        {
            case McpReconciliationOutcome.Happened:
                Assert.Equal("""{"order":7}""", reply.Result().GetProperty("structuredContent").GetRawText());
                Assert.True((await peer.AskAsync(lost)).Transaction().GetProperty("duplicate").GetBoolean());
                Assert.Equal((0, 1), (tool.Runs, tool.Asked.Count));
                break;
            case McpReconciliationOutcome.DidNotHappen:
                Assert.Equal("paid", reply.Text());
                Assert.Equal(1, tool.Runs);
                break;
            default:
                Assert.Equal(4005, reply.Code());
                Assert.Equal(0, tool.Runs);
                Assert.Equal(4005, (await peer.AskAsync(lost)).Code());
                Assert.Equal(2, tool.Asked.Count);
                break;
        }
    }

    [Fact]
    public async Task AnswersToAQuestionBelongToTheSameKey()
    {
        var runs = 0;
        var tool = new DelegateTool("buy", async call =>
        {
            runs++;
            var answer = await call.ElicitAsync("Sure?", Interaction.QuestionTools.NameForm, "sure");
            call.ReturnText(answer.IsAccepted ? "bought" : "left");
        });
        await using var peer = TestPeer.Start(TestServer.With(tool));
        var meta = $$$$"""{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{}}},"mcp_tx":{{{{Transaction("K")}}}}}""";
        string Call(string more) => Messages.Request("tools/call", "1", $$$"""{"name":"buy","arguments":{}{{{more}}},"_meta":{{{meta}}}}""");

        var asked = await peer.AskAsync(Call(""));
        var again = await peer.AskAsync(Call(""));
        Assert.Equal(1, runs);
        Assert.Equal(asked.Result().GetProperty("inputRequests").GetRawText(), again.Result().GetProperty("inputRequests").GetRawText());
        Assert.True(again.Transaction().GetProperty("duplicate").GetBoolean());

        var state = asked.Result().GetProperty("requestState").GetRawText();
        var answered = Call($$$$""","requestState":{{{{state}}}},"inputResponses":{"sure":{"action":"accept","content":{"name":"Ann"}}}""");
        Assert.Equal("bought", (await peer.AskAsync(answered)).Text());
        var repeated = await peer.AskAsync(answered);
        Assert.Equal("bought", repeated.Text());
        Assert.True(repeated.Transaction().GetProperty("duplicate").GetBoolean());
        var other = Call($$$$""","requestState":{{{{state}}}},"inputResponses":{"sure":{"action":"decline"}}""");
        Assert.Equal("bought", (await peer.AskAsync(other)).Text());
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task ACallThatTimedOutEndsAsItsToolDid()
    {
        var gate = new TaskCompletionSource();
        var tool = new HandTool(new McpToolDefinition { Name = "late", InputSchema = "{\"type\":\"object\"}"u8.ToArray(), Timeout = TimeSpan.FromMilliseconds(50) }, async call =>
        {
            await gate.Task;
            call.ReturnText("late but done");
        });
        await using var peer = TestPeer.Start(TestServer.With(tool));
        var timedOut = await peer.AskAsync(Keyed("late", "K", stateless: true));
        Assert.Equal(4002, timedOut.Code());
        Assert.True(timedOut.Error().GetProperty("data").GetProperty("mcp_tx").GetProperty("ack").GetBoolean());

        await peer.SendAsync(Keyed("late", "K", stateless: true, id: "2"));
        await peer.AssertQuietAsync();
        gate.SetResult();
        var retried = await peer.ReceiveAsync();
        Assert.Equal("late but done", retried.Text());
        Assert.True(retried.Transaction().GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public async Task TheEndOfTheConnectionDoesNotEndAKeyedCall()
    {
        var gate = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var server = TestServer.With(new DelegateTool("work", async call =>
        {
            var token = call.CancellationToken;
            started.SetResult();
            await gate.Task;
            call.ReturnText(token.IsCancellationRequested ? "cancelled" : "done");
        }));
        var lost = TestPeer.Start(server, options: Peregrine.Server.Duplex.DuplexOptions.Default with { DrainTime = TimeSpan.FromMilliseconds(10) });
        await lost.SendAsync(Keyed("work", "K", stateless: true));
        await started.Task.WaitAsync(TestPeer.Patience);
        await lost.DisposeAsync();

        await using var peer = TestPeer.Start(server);
        await peer.SendAsync(Keyed("work", "K", stateless: true, retry: 1));
        await peer.AssertQuietAsync();
        gate.SetResult();
        Assert.Equal("done", (await peer.ReceiveAsync()).Text());
    }

    [Fact]
    public async Task ACancelledCallEndsAsItsToolDid()
    {
        var runs = 0;
        var started = new TaskCompletionSource();
        var tool = new DelegateTool("stop", async call =>
        {
            runs++;
            started.SetResult();
            var cancelled = new TaskCompletionSource();
            await using var registration = call.CancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            call.ReturnText("half done");
        });
        await using var peer = TestPeer.Start(TestServer.With(tool));
        await peer.SendAsync(Keyed("stop", "K", stateless: true, id: "7"));
        await started.Task.WaitAsync(TestPeer.Patience);
        await peer.SendAsync(Messages.Cancel("7"));
        Assert.Equal("half done", (await peer.AskAsync(Keyed("stop", "K", stateless: true, id: "8"))).Text());
        Assert.Equal(1, runs);
    }
}
