using System.Text.Json;
using Peregrine.Server.Tests.Once;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tests.Subscriptions;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Duplex;

/// <summary>
/// An escape for half a character (a lone surrogate) is valid JSON and no text. A member with such a name, wherever a client puts it, is one that nobody knows: it is passed over, and neither costs the
/// call nor the connection.
/// </summary>
public sealed class HalfCharacterTests
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"\ud800capabilities":1,"protocolVersion":"2025-11-25","capabilities":{"\udc00sampling":{},"roots":{"\ud800listChanged":true},"elicitation":{"\ud800form":{},"url":{}}},"clientInfo":{"\ud800version":1,"title":"\ud800","name":"half","version":"1"}}}
        """;

    [Theory]
    [InlineData(Wire.Stream)]
    [InlineData(Wire.Stdio)]
    public async Task ASessionOpensAllTheSame(Wire wire)
    {
        string? seen = null;
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("look", call =>
        {
            seen = $"{call.Client.Roots} {call.Client.RootsListChanged} {call.Client.Sampling} {call.Client.ElicitationForm} {call.Client.ElicitationUrl} {call.ClientInfo} {call.ClientInfo!.Title is null}";
            call.ReturnNothing();
        })), wire);

        Assert.Equal("2025-11-25", (await peer.AskAsync(Initialize)).Result().GetProperty("protocolVersion").GetString());
        await peer.AskAsync(Messages.Call("look"));

        Assert.Equal("True False False False True half 1 True", seen);
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ARequestWithoutASessionIsAnsweredAllTheSame()
    {
        bool? forms = null;
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("look", call =>
        {
            forms = call.Client.ElicitationForm;
            call.ReturnNothing();
        })));
        const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"\ud800elicitation":1,"elicitation":{"\ud800form":{},"form":{}}}}""";

        var reply = await peer.AskAsync(Messages.Request("tools/call", "1", $$$"""{"name":"look","_meta":{{{Meta}}}}"""));

        Assert.Equal(JsonValueKind.Object, reply.Result().ValueKind);
        Assert.True(forms);
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task ALevelIsSetAllTheSame()
    {
        await using var peer = TestPeer.Start(TestServer.With());
        await peer.AskAsync(Messages.Initialize("2025-11-25"));

        Assert.Equal("{}", (await peer.AskAsync(Messages.Request("logging/setLevel", "1", """{"\ud800level":1,"level":"debug"}"""))).Result().GetRawText());
        await peer.AssertQuietAsync();
    }

    [Fact]
    public async Task AListenerIsToldAllTheSame()
    {
        var server = SubscriptionServer.Create();
        await using var peer = TestPeer.Start(server);

        await peer.AskAsync(Messages.Request("subscriptions/listen", "1",
            $$$"""{"\ud800notifications":1,"notifications":{"\ud800toolsListChanged":1,"\udc00resourceSubscriptions":1,"toolsListChanged":true},"_meta":{{{Messages.Meta}}}}"""));
        server.NotifyToolsChanged();

        Assert.Equal("notifications/tools/list_changed", (await peer.ReceiveAsync()).GetProperty("method").GetString());
    }

    [Fact]
    public async Task ACallWithAKeyRunsOnceAllTheSame()
    {
        var counter = new CountingTool();
        await using var peer = TestPeer.Start(TestServer.With(counter));
        var call = Messages.Request("tools/call", "1",
            $$$$"""{"\ud800requestState":1,"name":"count","_meta":{{{{Messages.Meta[..^1]}}}},"mcp_tx":{"\ud800idempotency_key":1,"idempotency_key":"3f0d0b1e-6f8a-4f0e-9d61-1f0c8f2f7a10","\udc00epoch":1}}}""");

        Assert.Equal("run 1", (await peer.AskAsync(call)).Text());
        Assert.Equal("run 1", (await peer.AskAsync(call)).Text());

        Assert.Equal(1, counter.Runs);
        await peer.AssertQuietAsync();
    }
}
