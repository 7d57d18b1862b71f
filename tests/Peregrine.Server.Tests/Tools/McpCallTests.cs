using System.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Binding;
using Peregrine.Server.Content;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Tools;

/// <summary>The handle to a call.</summary>
public sealed class McpCallTests
{
    public static TheoryData<string, Action<McpCall>> Uses => new()
    {
        { "ProtocolVersion", static call => _ = call.ProtocolVersion },
        { "CancellationToken", static call => _ = call.CancellationToken },
        { "Services", static call => _ = call.Services },
        { "RawArguments", static call => _ = call.RawArguments },
        { "WantsProgress", static call => _ = call.WantsProgress },
        { "ReturnText(chars)", static call => call.ReturnText("x") },
        { "ReturnText(bytes)", static call => call.ReturnText("x"u8) },
        { "ReturnValue", static call => call.ReturnValue(1) },
        { "ReturnValue(bool)", static call => call.ReturnValue(true) },
        { "ReturnNothing", static call => call.ReturnNothing() },
        { "ReturnContent", static call => call.ReturnContent(McpContent.Text("x")) },
        { "ReturnToolError", static call => call.ReturnToolError("x") },
        { "RejectArguments", static call => call.RejectArguments("x") },
        { "ReportProgressAsync", static call => call.ReportProgressAsync(1).AsTask() },
    };

    [Theory]
    [MemberData(nameof(Uses), DisableDiscoveryEnumeration = true)]
    public async Task UsedAfterItsEndThrows(string member, Action<McpCall> use)
    {
        var kept = new TaskCompletionSource<McpCall>();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("keep", call =>
        {
            kept.TrySetResult(call);
            use(call);
        })));
        await peer.SendAsync(Messages.Call("keep"));
        Assert.Equal(1, (await peer.ReceiveAsync()).GetProperty("id").GetInt32());
        var stale = await kept.Task.WaitAsync(TestPeer.Patience);

        // A call in between makes it likely that the same object carries another message now.
        await peer.AssertQuietAsync();

        Assert.Throws<ObjectDisposedException>(() => use(stale));
        Assert.NotEmpty(member);
    }

    [Theory]
    [MemberData(nameof(Uses), DisableDiscoveryEnumeration = true)]
    public void NotMadeByAServerThrows(string member, Action<McpCall> use)
    {
        Assert.Throws<InvalidOperationException>(() => use(default));
        Assert.NotEmpty(member);
    }

    [Fact]
    public async Task TellsWhatItWasCalledWith()
    {
        var seen = new List<string>();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("look", call =>
        {
            seen.Add($"{call.ProtocolVersion} {Encoding.UTF8.GetString(call.RawArguments.Span)}");
            call.ReturnNothing();
        })));

        await peer.AskAsync(Messages.Call("look", "1", """{ "a" : [1, 2] }"""));
        await peer.AskAsync(Messages.Request("tools/call", "1", """{"name":"look"}"""));
        await peer.AskAsync(Messages.StatelessCall("look"));
        await peer.AskAsync(Messages.Initialize("2025-03-26"));
        await peer.AskAsync(Messages.Call("look"));

        Assert.Equal([$"{ProtocolVersion.V2025_11_25} {{ \"a\" : [1, 2] }}", $"{ProtocolVersion.V2025_11_25} {{}}", $"{ProtocolVersion.V2026_07_28} {{}}", $"{ProtocolVersion.V2025_03_26} {{}}"], seen);
    }

    [Fact]
    public async Task ArgumentsAreTheCallsOwnHoweverManyMessagesFollow()
    {
        var gate = new TaskCompletionSource();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("late", async call =>
        {
            await gate.Task;
            call.ReturnText(call.RawArguments.Span);
        })));

        for (var i = 0; i < 100; i++)
        {
            await peer.SendAsync(Messages.Call("late", $"{i}", $$"""{"n":{{i}}}"""));
        }

        await peer.AssertQuietAsync();
        gate.SetResult();
        for (var i = 0; i < 100; i++)
        {
            var reply = await peer.ReceiveAsync();
            Assert.Equal($$"""{"n":{{reply.GetProperty("id").GetInt32()}}}""", reply.Text());
        }
    }

    [Fact]
    public async Task ServicesAreTheServers()
    {
        var services = new Single("the service");
        await using var peer = TestPeer.Start(TestServer.Describe(new DelegateTool("service", call => call.ReturnText((string)call.Services!.GetService(typeof(string))!)))
            .UseServices(services).Build());

        Assert.Equal("the service", (await peer.AskAsync(Messages.Call("service"))).Text());
    }

    [Fact]
    public async Task ProgressAfterTheEndIsDropped()
    {
        var kept = new TaskCompletionSource<CallProgress>();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("keep", call => kept.SetResult(new CallProgress(call)))));
        await peer.SendAsync(Messages.CallWithProgress("keep", "1"));
        await peer.ReceiveAsync();

        (await kept.Task).Report(1);

        await peer.AssertQuietAsync();
    }

    private sealed class Single(string value) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(string) ? value : null;
    }
}
