using System.Text.Json;
using Peregrine.Execution.Stores.Memory;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;
using static Peregrine.Server.Tests.Once.KeyedMessages;

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
        first.AssertTransaction(ack: true, processed: true, duplicate: false, "r-1", attempts: 1);
        second.AssertTransaction(ack: true, processed: true, duplicate: true, "r-2", attempts: 4);
        Assert.Equal("two", second.GetProperty("id").GetString());
    }

    [Fact]
    public async Task TheOlderNameIsTakenAndTheNewerOneAnswered()
    {
        await using var peer = TestPeer.Start(TestServer.With(new CountingTool()));
        var reply = await peer.AskAsync(Keyed("count", "K1", stateless: true).Replace("\"mcp_tx\"", "\"rmcp\"", StringComparison.Ordinal));
        reply.AssertTransaction(ack: true, processed: true, duplicate: false);
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
            reply.AssertTransaction(ack: true, processed: true, duplicate: false, "same");
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
        conflict.AssertTransaction(ack: false, processed: false, duplicate: false);
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
        second.AssertTransaction(ack: true, processed: true, duplicate: true);
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
        refused.AssertTransaction(ack: false, processed: false, duplicate: false);
        refuse = false;
        Assert.Equal("ran", (await peer.AskAsync(Keyed("picky", "K", stateless: false))).Text());
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
        reply.AssertTransaction(ack: true, processed: true, duplicate: false, "d6496909-9d4a-4cb6-8f0c-0a8a3ad4a3f1");
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
        refused.AssertTransaction(ack: false, processed: false, duplicate: false);
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
}
