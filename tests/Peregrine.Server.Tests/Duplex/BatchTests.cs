using System.Text.Json;
using Peregrine.Server.Duplex;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>Batches (2025-03-26) on a connection that carries many calls.</summary>
public sealed class BatchTests
{
    [Theory]
    [InlineData(Wire.Stream, "2025-03-26")]
    [InlineData(Wire.Stdio, "2025-03-26")]
    [InlineData(Wire.Stream, "2024-11-05")]
    public async Task AnswersComeInOneArray(Wire wire, string version)
    {
        await using var peer = TestPeer.Start(TestServer.With(), wire);
        await peer.AskAsync(Messages.Initialize(version));

        await peer.SendAsync($"[{Messages.Call("echo", "1", """{"message":"a"}""")}, {Messages.Initialized},{Messages.Call("echo", "\"x\"", """{"message":"b"}""")},{Messages.Request("ping", "3")}]");
        var answers = await ArrayAsync(peer);

        Assert.Equal(["\"x\"", "1", "3"], answers.Select(static answer => answer.GetProperty("id").GetRawText()).Order(StringComparer.Ordinal));
        Assert.Equal("b", answers.Single(static answer => answer.GetProperty("id").GetRawText() == "\"x\"").Text());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task RequestsRunAtTheSameTime()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var peer = TestPeer.Start(TestServer.With(
            new DelegateTool("first", async call =>
            {
                first.SetResult();
                await second.Task.WaitAsync(TestPeer.Patience);
                call.ReturnText("1");
            }),
            new DelegateTool("second", async call =>
            {
                second.SetResult();
                await first.Task.WaitAsync(TestPeer.Patience);
                call.ReturnText("2");
            })));
        await peer.AskAsync(Messages.Initialize("2025-03-26"));

        await peer.SendAsync($"[{Messages.Call("first", "1")},{Messages.Call("second", "2")}]");

        Assert.Equal(["1", "2"], (await ArrayAsync(peer)).Select(static answer => answer.Text()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NotificationsAloneGetNoAnswer()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        await peer.AskAsync(Messages.Initialize("2025-03-26"));

        await peer.SendAsync($$$"""[{{{Messages.Initialized}}},{"jsonrpc":"2.0","id":7,"result":{} }]""");

        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ProgressComesAtOnceAndByItself()
    {
        var release = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("steps", async call =>
        {
            await call.ReportProgressAsync(1);
            await release.Task;
            call.ReturnText("done");
        })));
        await peer.AskAsync(Messages.Initialize("2025-03-26"));

        await peer.SendAsync($"[{Messages.CallWithProgress("steps", "5", "1")}]");

        Assert.Equal("notifications/progress", (await peer.ReceiveAsync()).GetProperty("method").GetString());
        release.SetResult();
        Assert.Equal("done", Assert.Single(await ArrayAsync(peer)).Text());
    }

    [Fact]
    public async Task ACancelledCallIsLeftOut()
    {
        var started = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            var token = call.CancellationToken;
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        })));
        await peer.AskAsync(Messages.Initialize("2025-03-26"));
        await peer.SendAsync($"[{Messages.Call("wait", "1")},{Messages.Request("ping", "2")}]");
        await started.Task.WaitAsync(TestPeer.Patience);

        await peer.SendAsync($"[{Messages.Cancel("1")}]");

        Assert.Equal(2, Assert.Single(await ArrayAsync(peer)).GetProperty("id").GetInt32());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task WhatIsWrongInItIsAnsweredInIt()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        await peer.AskAsync(Messages.Initialize("2025-03-26"));

        await peer.SendAsync($"[1,{{}},{Messages.Initialize("2025-11-25")},{Messages.StatelessCall("echo", "5")},{Messages.Request("no/such", "6")},{Messages.Request("ping", "7")},[]]");
        var answers = await ArrayAsync(peer);

        Assert.Equal(7, answers.Count);
        Assert.Equal([-32600, -32600, -32600, -32600, -32600, -32601], answers.Where(static answer => answer.TryGetProperty("error", out _)).Select(static answer => answer.Code()).OrderDescending());
        Assert.Equal(3, answers.Count(static answer => answer.GetProperty("id").ValueKind == JsonValueKind.Null));

        // The session is the one it was: initialize was not taken.
        await peer.SendAsync($"[{Messages.Request("ping", "8")}]");
        Assert.Single(await ArrayAsync(peer));
    }

    [Fact]
    public async Task TheSameIdTwiceIsAnErrorForOne()
    {
        var release = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("wait", async call =>
        {
            await release.Task;
            call.ReturnText("done");
        })));
        await peer.AskAsync(Messages.Initialize("2025-03-26"));
        await peer.SendAsync($"[{Messages.Call("wait", "1")},{Messages.Call("wait", "1")}]");
        release.SetResult();

        var answers = await ArrayAsync(peer);
        Assert.Equal(2, answers.Count);
        Assert.Single(answers, static answer => answer.TryGetProperty("error", out _));
    }

    [Theory]
    [InlineData("2025-03-26", "[]")]
    [InlineData("2025-03-26", "[1,2,3]")]
    [InlineData("2025-03-26", "[1,")]
    [InlineData("2025-06-18", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]")]
    [InlineData("2025-11-25", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]")]
    public async Task ARefusedOneIsOneError(string version, string batch)
    {
        await using var peer = TestPeer.Start(TestServer.With(), options: DuplexOptions.Default with { MaxBatchMessages = 2 });
        await peer.AskAsync(Messages.Initialize(version));

        var reply = await peer.AskAsync(batch);

        Assert.Equal(batch.EndsWith(',') ? -32700 : -32600, reply.Code());
        await peer.AssertQuietAsync();
    }

    private static async Task<List<JsonElement>> ArrayAsync(TestPeer peer)
    {
        var array = await peer.ReceiveAsync();
        Assert.Equal(JsonValueKind.Array, array.ValueKind);
        return [.. array.EnumerateArray()];
    }
}
