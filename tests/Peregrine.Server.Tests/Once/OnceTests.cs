using System.Text.Json;
using Peregrine.Execution.Stores.Memory;
using Peregrine.Server.Content;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Once;

/// <summary>Calls with a key over the wire, in both eras.</summary>
public sealed class OnceTests
{
    public static TheoryData<bool> Eras => [false, true];

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task ADuplicateGetsTheStoredResultAndRunsNothing(bool stateless)
    {
        var counter = new CountingTool();
        await using var peer = TestPeer.Start(TestServer.With(counter));

        var first = await peer.AskAsync(Keyed("count", "K1", stateless, id: "1", requestId: "r-1"));
        var second = await peer.AskAsync(Keyed("count", "K1", !stateless, id: "\"two\"", requestId: "r-2", retry: 3));

        Assert.Equal(1, counter.Runs);
        Assert.Equal("run 1", first.Text());
        Assert.Equal(first.Result().GetProperty("content").GetRawText(), second.Result().GetProperty("content").GetRawText());
        AssertTransaction(first, ack: true, processed: true, duplicate: false, "r-1", attempts: 1);
        AssertTransaction(second, ack: true, processed: true, duplicate: true, "r-2", attempts: 4);
        Assert.Equal("two", second.GetProperty("id").GetString());
    }

    [Fact]
    public async Task TheOlderNameIsTakenAndTheNewerOneAnswered()
    {
        await using var peer = TestPeer.Start(TestServer.With(new CountingTool()));
        var reply = await peer.AskAsync(Keyed("count", "K1", stateless: true).Replace("\"mcp_tx\"", "\"rmcp\"", StringComparison.Ordinal));
        AssertTransaction(reply, ack: true, processed: true, duplicate: false);
        var both = await peer.AskAsync(Keyed("count", "K1", stateless: true).Replace("\"mcp_tx\":", "\"rmcp\":{},\"mcp_tx\":", StringComparison.Ordinal));
        Assert.Equal(-32600, both.Code());
    }

    [Fact]
    public async Task WithoutAKeyEveryCallRunsAndIsAcknowledged()
    {
        var counter = new CountingTool();
        await using var peer = TestPeer.Start(TestServer.With(counter));

        for (var i = 1; i <= 2; i++)
        {
            var reply = await peer.AskAsync(Raw("count", """{"request_id":"same"}""", stateless: true));
            Assert.Equal($"run {i}", reply.Text());
            AssertTransaction(reply, ack: true, processed: true, duplicate: false, "same");
        }

        Assert.False((await peer.AskAsync(Messages.StatelessCall("count"))).Result().GetProperty("_meta").TryGetProperty("mcp_tx", out _));
    }

    [Fact]
    public async Task TwinsWaitForTheFirst()
    {
        var gate = new TaskCompletionSource();
        var runs = 0;
        var tool = new DelegateTool("slow", async call =>
        {
            Interlocked.Increment(ref runs);
            await gate.Task;
            call.ReturnText("once");
        });
        await using var peer = TestPeer.Start(TestServer.With(tool));
        for (var i = 0; i < 8; i++)
        {
            await peer.SendAsync(Keyed("slow", "K", stateless: i % 2 == 0, id: $"{i}"));
        }

        // The ping is read behind them all.
        await peer.AssertQuietAsync();
        gate.SetResult();
        var replies = new List<JsonElement>();
        for (var i = 0; i < 8; i++)
        {
            replies.Add(await peer.ReceiveAsync());
        }

        Assert.Equal(1, runs);
        Assert.All(replies, static reply => Assert.Equal("once", reply.Text()));
        Assert.Single(replies, static reply => !reply.Transaction().GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public async Task OtherArgumentsAreAConflictAndEqualOnesAreNot()
    {
        var counter = new CountingTool();
        await using var peer = TestPeer.Start(TestServer.With(counter));
        await peer.AskAsync(Keyed("count", "K", stateless: true, arguments: """{"a":1,"b":[2.0]}"""));

        Assert.True((await peer.AskAsync(Keyed("count", "K", stateless: false, arguments: """{ "b" : [2] , "a" : 1 }"""))).Transaction().GetProperty("duplicate").GetBoolean());
        var conflict = await peer.AskAsync(Keyed("count", "K", stateless: true, arguments: """{"a":2,"b":[2]}"""));

        Assert.Equal(4004, conflict.Code());
        Assert.False(conflict.Error().GetProperty("data").GetProperty("retryable").GetBoolean());
        AssertTransaction(conflict, ack: false, processed: false, duplicate: false);
        Assert.Equal(1, counter.Runs);
    }

    [Fact]
    public async Task TheSameKeyOfAnotherToolIsAnotherCall()
    {
        var (one, two) = (new CountingTool("one"), new CountingTool("two"));
        await using var peer = TestPeer.Start(TestServer.With(one, two));
        await peer.AskAsync(Keyed("one", "K", stateless: true));
        await peer.AskAsync(Keyed("two", "K", stateless: true));
        Assert.Equal((1, 1), (one.Runs, two.Runs));
    }

    [Fact]
    public async Task AFailureOfTheToolIsItsResult()
    {
        var runs = 0;
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("fail", _ =>
        {
            runs++;
            throw new McpToolException("no such account");
        })));
        var first = await peer.AskAsync(Keyed("fail", "K", stateless: true));
        var second = await peer.AskAsync(Keyed("fail", "K", stateless: true));
        Assert.True(first.IsToolError() && second.IsToolError());
        Assert.Equal(first.Text(), second.Text());
        AssertTransaction(second, ack: true, processed: true, duplicate: true);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task WhatWasRefusedBeforeItRanIsNew()
    {
        var refuse = true;
        var tool = new DelegateTool("picky", call =>
        {
            if (refuse)
            {
                call.RejectArguments("\"amount\" is missing");
            }
            else
            {
                call.ReturnText("ran");
            }
        });
        await using var peer = TestPeer.Start(TestServer.With(tool));
        await peer.AskAsync(Messages.Initialize("2025-06-18"));
        await peer.SendAsync(Messages.Initialized);
        var refused = await peer.AskAsync(Keyed("picky", "K", stateless: false));
        Assert.Equal(-32602, refused.Code());
        AssertTransaction(refused, ack: false, processed: false, duplicate: false);
        refuse = false;
        Assert.Equal("ran", (await peer.AskAsync(Keyed("picky", "K", stateless: false))).Text());
    }

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

    [Theory]
    [InlineData("5")]
    [InlineData("""{"idempotency_key":""}""")]
    [InlineData("""{"idempotency_key":"  "}""")]
    [InlineData("""{"idempotency_key":7}""")]
    [InlineData("""{"idempotency_key":"k","retry_count":-1}""")]
    [InlineData("""{"idempotency_key":"k","retry_count":1.5}""")]
    [InlineData("""{"idempotency_key":"k","timestamp":"soon"}""")]
    [InlineData("""{"idempotency_key":"k","epoch":{}}""")]
    [InlineData("""{"idempotency_key":"k","request_id":[]}""")]
    [InlineData("""{"idempotency_key":"\ud800"}""")]
    public async Task WhatCannotBeReadIsRefusedAndNothingRuns(string transaction)
    {
        var counter = new CountingTool();
        await using var peer = TestPeer.Start(TestServer.With(counter));
        var reply = await peer.AskAsync(Raw("count", transaction, stateless: true));
        Assert.Equal(-32602, reply.Code());
        Assert.Contains("mcp_tx", reply.Explanation().Replace("idempotency key", "mcp_tx", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(0, counter.Runs);
        Assert.Equal(-32602, (await peer.AskAsync(Raw("count", $$"""{"idempotency_key":"{{new string('k', 257)}}"}""", stateless: true))).Code());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task TheFormThatTheirClientSendsIsTaken()
    {
        await using var peer = TestPeer.Start(TestServer.With(new CountingTool()));
        const string Captured = """
            {"version":"0.1.0","request_id":"d6496909-9d4a-4cb6-8f0c-0a8a3ad4a3f1","idempotency_key":"K1","expect_ack":true,"retry_count":0,"timeout_ms":30000,"timestamp":"2026-11-21T06:54:44.397836"}
            """;
        var reply = await peer.AskAsync(Raw("count", Captured.Trim(), stateless: false));
        AssertTransaction(reply, ack: true, processed: true, duplicate: false, "d6496909-9d4a-4cb6-8f0c-0a8a3ad4a3f1");
        Assert.Equal("0.1.0", reply.Transaction().GetProperty("version").GetString());
    }

    [Fact]
    public async Task TheLedgerSaysInTheCapabilitiesWhatItPromises()
    {
        var server = TestServer.With();
        await using var peer = TestPeer.Start(server);
        foreach (var message in (string[])[Messages.Stateless("server/discover"), Messages.Initialize("2025-11-25")])
        {
            var capability = (await peer.AskAsync(message)).Result().GetProperty("capabilities").GetProperty("experimental").GetProperty("mcp_tx");
            Assert.Equal($$"""{"version":"0.1.0","features":["ack","retry","idempotency"],"durability":"memory","window_ms":300000,"epoch":"{{server.Ledger.Epoch}}"}""", capability.GetRawText());
        }
    }

    [Fact]
    public async Task TurnedOffItRunsEveryCall()
    {
        var counter = new CountingTool();
        var server = TestServer.With(counter);
        await using var peer = TestPeer.Start(server);
        server.Switches["ledger"].TurnOff();
        await peer.AskAsync(Keyed("count", "K", stateless: true));
        var reply = await peer.AskAsync(Keyed("count", "K", stateless: true));
        Assert.Equal("run 2", reply.Text());
        Assert.False(reply.Result().GetProperty("_meta").TryGetProperty("mcp_tx", out _));
        server.Switches["ledger"].TurnOn();
        await peer.AskAsync(Keyed("count", "K", stateless: true));
        Assert.Equal("run 3", (await peer.AskAsync(Keyed("count", "K", stateless: true))).Text());
    }

    [Fact]
    public async Task AFullLedgerRefusesNewKeysAndSaysSo()
    {
        var counter = new CountingTool();
        await using var peer = TestPeer.Start(TestServer.Describe(counter).UseLedger(new MemoryCallLedger(new() { MaxKeys = 1 })).Build());
        await peer.AskAsync(Keyed("count", "K1", stateless: true));
        var refused = await peer.AskAsync(Keyed("count", "K2", stateless: true));
        Assert.Equal(4003, refused.Code());
        Assert.True(refused.Error().GetProperty("data").GetProperty("retryable").GetBoolean());
        AssertTransaction(refused, ack: false, processed: false, duplicate: false);
        Assert.Equal("run 1", (await peer.AskAsync(Keyed("count", "K1", stateless: true))).Text());
        Assert.Equal("run 2", (await peer.AskAsync(Messages.StatelessCall("count"))).Text());
    }

    [Fact]
    public void EveryFaultOfTheOptionsIsNamed()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => TestServer.Describe().UseLedger(static once => once with
        {
            Window = TimeSpan.Zero,
            ClockAllowance = TimeSpan.FromDays(2),
            Lease = TimeSpan.Zero,
            Memory = new() { MaxKeys = 0 },
        }).Build());
        foreach (var name in (string[])["Window", "ClockAllowance", "Lease", "MaxKeys"])
        {
            Assert.Contains("Once: " + (name == "MaxKeys" ? "Memory: MaxKeys" : name), exception.Message, StringComparison.Ordinal);
        }
    }

    internal static string Keyed(string tool, string key, bool stateless, string id = "1", string arguments = "{}", string? requestId = null, int retry = 0) =>
        Raw(tool, $$"""{"version":"0.1.0","idempotency_key":"{{key}}"{{(requestId is null ? "" : $",\"request_id\":\"{requestId}\"")}},"expect_ack":true,"retry_count":{{retry}},"timeout_ms":30000}""",
            stateless, id, arguments);

    private static string Raw(string tool, string transaction, bool stateless, string id = "1", string arguments = "{}") => Messages.Request("tools/call", id,
        $$$"""{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{{{(stateless ? Messages.Meta[..^1] + "," : "{")}}}"mcp_tx":{{{transaction}}}}}""");

    private static string Transaction(string key, int retry = 0, string? epoch = null, DateTimeOffset? timestamp = null) =>
        $$"""{"idempotency_key":"{{key}}","retry_count":{{retry}}{{(epoch is null ? "" : $",\"epoch\":\"{epoch}\"")}}{{(timestamp is { } time ? $",\"timestamp\":\"{time:yyyy-MM-ddTHH:mm:ss.ffffff}\"" : "")}}}""";

    private static void AssertTransaction(JsonElement reply, bool ack, bool processed, bool duplicate, string? requestId = null, int attempts = 1)
    {
        var transaction = reply.Transaction();
        Assert.Equal((ack, processed, duplicate),
            (transaction.GetProperty("ack").GetBoolean(), transaction.GetProperty("processed").GetBoolean(), transaction.GetProperty("duplicate").GetBoolean()));
        Assert.Equal(requestId, transaction.TryGetProperty("request_id", out var id) ? id.GetString() : null);
        Assert.Equal(attempts, transaction.GetProperty("attempts").GetInt32());
    }

    private sealed class CountingTool(string name = "count", bool? readOnly = null, bool? idempotent = null)
        : McpToolHandler(new McpToolDefinition { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray(), ReadOnly = readOnly, Idempotent = idempotent })
    {
        private int _runs;

        internal int Runs => _runs;

        public override ValueTask InvokeAsync(McpCall call)
        {
            call.ReturnText($"run {Interlocked.Increment(ref _runs)}");
            return default;
        }
    }

    private sealed class HandTool(McpToolDefinition definition, Func<McpCall, ValueTask> body) : McpToolHandler(definition)
    {
        public override ValueTask InvokeAsync(McpCall call) => body(call);
    }

    private sealed class ReconcilingTool(McpReconciliationOutcome outcome) : McpToolHandler(new McpToolDefinition { Name = "pay", InputSchema = "{\"type\":\"object\"}"u8.ToArray() })
    {
        internal int Runs { get; private set; }

        internal List<string> Asked { get; } = [];

        public override bool CanReconcile => true;

        public override ValueTask InvokeAsync(McpCall call)
        {
            Runs++;
            call.ReturnText("paid");
            return default;
        }

        public override ValueTask<McpReconciliation> ReconcileAsync(string key, McpCall call, CancellationToken cancellationToken)
        {
            Asked.Add(key);
            return new(outcome switch
            {
                McpReconciliationOutcome.Happened => McpReconciliation.Happened([McpContent.Text("paid before")], "{\"order\":7}"u8.ToArray()),
                McpReconciliationOutcome.DidNotHappen => McpReconciliation.DidNotHappen,
                _ => McpReconciliation.Unknown,
            });
        }
    }
}
