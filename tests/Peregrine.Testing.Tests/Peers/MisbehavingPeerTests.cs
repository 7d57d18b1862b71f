using System.Text;
using Peregrine.Client;
using Peregrine.Protocol.Versions;
using Peregrine.Testing.Links;
using Peregrine.Testing.Peers;
using Peregrine.Transport.Connections;

namespace Peregrine.Testing.Tests.Peers;

/// <summary>A real server, which does not behave.</summary>
public sealed class MisbehavingPeerTests
{
    private const string Ada = """{"name":"Ada"}""";

    [Theory]
    [InlineData(PeerFault.Drop)]
    [InlineData(PeerFault.WrongId)]
    [InlineData(PeerFault.Stall)]
    public async Task AReplyThatDoesNotComeTimesOut(PeerFault fault)
    {
        await using var app = await StartAsync(fault, TimeSpan.FromMilliseconds(300));

        var exception = await Assert.ThrowsAsync<McpTransportException>(() => app.CallTextAsync("greet", Ada));

        Assert.True(exception.MayHaveRun);
    }

    [Theory]
    [InlineData(PeerFault.Truncate)]
    [InlineData(PeerFault.Reset)]
    public async Task AConnectionThatBreaksIsAFaultOfTheTransport(PeerFault fault)
    {
        await using var app = await StartAsync(fault, TimeSpan.FromMinutes(1));

        var exception = await Assert.ThrowsAsync<McpTransportException>(() => app.CallTextAsync("greet", Ada));

        Assert.True(exception.MayHaveRun);
    }

    [Theory]
    [InlineData(PeerFault.None)]
    [InlineData(PeerFault.Twice)]
    [InlineData(PeerFault.Garbage)]
    public async Task WhatComesBesidesDoesNoHarm(PeerFault fault)
    {
        await using var app = await StartAsync(fault, TimeSpan.FromMinutes(1));

        Assert.Equal("Hello, Ada!", await app.CallTextAsync("greet", Ada));
        Assert.Equal("Hello, Bob!", await app.CallTextAsync("greet", """{"name":"Bob"}"""));
    }

    [Fact]
    public async Task APeerThatStallsCanGoOn()
    {
        await using var app = await StartAsync(PeerFault.Stall, TimeSpan.FromMinutes(1));

        var calling = app.CallTextAsync("greet", Ada);
        Assert.False(calling.IsCompleted);
        app.Link.Resume();

        Assert.Equal("Hello, Ada!", await calling);
    }

    [Fact]
    public async Task AServerBearsAClientThatSendsGarbage()
    {
        var options = new McpTestOptions
        {
            Client = new PeregrineClientOptions { Era = ProtocolEra.Stateless },
            Link = new LinkFaults { ClientMisbehaves = static message => message.Method == "tools/call" ? PeerFault.Garbage : PeerFault.None },
        };
        await using var app = await McpTest.StartAsync(static server => server.AddTools<ClockTools>(), options);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"Hello, {i}!", await app.CallTextAsync("greet", $$"""{"name":"{{i}}"}"""));
        }
    }

    [Fact]
    public void AMessageTellsWhatItIs()
    {
        var reply = new PeerMessage(3, Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":7,"result":{}}"""));
        var request = new PeerMessage(1, Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":7,"method":"tools/list"}"""));

        Assert.Equal((true, null), (reply.IsReply, reply.Method));
        Assert.Equal((false, "tools/list"), (request.IsReply, request.Method));
        Assert.Equal("""{"jsonrpc":"2.0","id":"nobody's-3","result":{}}""", Encoding.UTF8.GetString(reply.UnderAnotherId()));
    }

    // The server misbehaves with its reply to the first call of Ada.
    private static Task<McpTest> StartAsync(PeerFault fault, TimeSpan patience) => McpTest.StartAsync(
        static server => server.AddTools<ClockTools>(),
        new McpTestOptions
        {
            Client = new PeregrineClientOptions { Era = ProtocolEra.Session, RequestTimeout = patience },
            Link = new LinkFaults { ServerMisbehaves = message => message.IsReply && message.Json.Span.IndexOf("Hello, Ada"u8) >= 0 ? fault : PeerFault.None },
        });
}
