using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Dispatch;

/// <summary>The part of a result that can be kept and given to other calls.</summary>
public sealed class StoredResultTests
{
    private static readonly PeregrineServer Server = TestServer.With();

    [Theory]
    [InlineData(ProtocolVersion.V2025_06_18)]
    [InlineData(ProtocolVersion.V2026_07_28)]
    public void WhatAToolReturnedIsWrittenAgainForEitherEra(ProtocolVersion version)
    {
        var stored = Capture(version, call => call.ReturnText("It rains."));

        Assert.Equal("""{"content":[{"type":"text","text":"It rains."}]}""", Replay(ProtocolVersion.V2025_06_18, stored));
        AssertStateless("""{"content":[{"type":"text","text":"It rains."}],"resultType":"complete"}""", Replay(ProtocolVersion.V2026_07_28, stored));
        Assert.Equal(stored, Capture(ProtocolVersion.V2025_06_18, call => call.ReturnText("It rains.")));
    }

    [Fact]
    public void AFailureStaysOne()
    {
        var stored = Capture(ProtocolVersion.V2026_07_28, call => call.ReturnToolError("no umbrella"));

        using var exchange = Exchange(ProtocolVersion.V2025_11_25);
        StoredResult.Replay(exchange, Server.Identity, stored);
        Assert.True(exchange.IsToolError);
        Assert.True(Read(exchange).GetProperty("result").GetProperty("isError").GetBoolean());
    }

    [Theory]
    [InlineData("""{"content":[],"structuredContent":{"a":[1,{"_meta":2}]},"isError":false,"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"x"}}}""",
        """{"content":[],"structuredContent":{"a":[1,{"_meta":2}]},"isError":false}""")]
    [InlineData("""{"_meta":{"io.modelcontextprotocol/serverInfo":{},"mcp_tx":{"ack":true},"own/x":{"y":1}},"content":[],"resultType":"complete","more":1}""",
        """{"content":[],"more":1,"_meta":{"own/x":{"y":1}}}""")]
    [InlineData("""{"_meta":{"a":1,"mcp_tx":{},"b":2},"content":[]}""", """{"content":[],"_meta":{"a":1,"b":2}}""")]
    [InlineData("""{ "content" : [ ] , "_meta" : { } }""", """{"content" : [ ]}""")]
    [InlineData("""{"resultType":"task","task":{"taskId":"7"},"_meta":{"io.modelcontextprotocol/serverInfo":{}}}""", """{"resultType":"task","task":{"taskId":"7"}}""")]
    [InlineData("{}", "{}")]
    public void OnlyWhatIsTheToolsOwnIsKept(string result, string expected)
    {
        var stored = CaptureRaw(result);

        Assert.Equal(expected, Replay(ProtocolVersion.V2025_06_18, stored));
        var stateless = JsonDocument.Parse(Replay(ProtocolVersion.V2026_07_28, stored)).RootElement;
        Assert.Equal(expected.Contains("task", StringComparison.Ordinal) ? "task" : "complete", stateless.GetProperty("resultType").GetString());
        Assert.Equal("test-server", stateless.GetProperty("_meta").GetProperty("io.modelcontextprotocol/serverInfo").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("""{"content":[]}""", """{"content":[],"_meta":{"mcp_tx":{"ack":true}}}""")]
    [InlineData("""{"content":[],"_meta":{"own":1}}""", """{"content":[],"_meta":{"own":1,"mcp_tx":{"ack":true}}}""")]
    [InlineData("{}", """{"_meta":{"mcp_tx":{"ack":true}}}""")]
    public void ACallCanAddToMeta(string result, string expected)
    {
        var stored = CaptureRaw(result);

        Assert.Equal(expected, Replay(ProtocolVersion.V2025_06_18, stored, "\"mcp_tx\":{\"ack\":true}"));
        var meta = JsonDocument.Parse(Replay(ProtocolVersion.V2026_07_28, stored, "\"mcp_tx\":{\"ack\":true}")).RootElement.GetProperty("_meta");
        Assert.True(meta.GetProperty("mcp_tx").GetProperty("ack").GetBoolean());
        Assert.Equal(result.Contains("own", StringComparison.Ordinal), meta.TryGetProperty("own", out _));
    }

    [Fact]
    public void AnErrorAndAQuestionAreNotKept()
    {
        using var stored = new PooledByteWriter();
        using var failed = Exchange(ProtocolVersion.V2026_07_28);
        failed.Fail(ErrorCodes.InvalidParams, "no");
        Assert.Equal(CapturedKind.Error, StoredResult.TryCapture(failed, stored));

        using var asking = Exchange(ProtocolVersion.V2026_07_28);
        asking.BeginResult().Write("{\"inputRequests\":{},\"resultType\":\"input_required\"}"u8);
        asking.EndResult();
        Assert.Equal(CapturedKind.InputRequired, StoredResult.TryCapture(asking, stored));

        using var silent = Exchange(ProtocolVersion.V2026_07_28);
        Assert.Equal(CapturedKind.None, StoredResult.TryCapture(silent, stored));
        Assert.Equal(0, stored.Length);
    }

    private static byte[] Capture(ProtocolVersion version, Action<McpCall> tool)
    {
        using var exchange = Exchange(version);
        tool(new McpCall(exchange, Server));
        using var stored = new PooledByteWriter();
        Assert.Equal(CapturedKind.Result, StoredResult.TryCapture(exchange, stored));
        return stored.WrittenSpan.ToArray();
    }

    private static byte[] CaptureRaw(string result)
    {
        using var exchange = Exchange(ProtocolVersion.V2026_07_28);
        exchange.BeginResult().Write(Encoding.UTF8.GetBytes(result));
        exchange.EndResult();
        using var stored = new PooledByteWriter();
        Assert.Equal(CapturedKind.Result, StoredResult.TryCapture(exchange, stored));
        return stored.WrittenSpan.ToArray();
    }

    private static string Replay(ProtocolVersion version, byte[] stored, string meta = "")
    {
        using var exchange = Exchange(version);
        StoredResult.Replay(exchange, Server.Identity, stored, Encoding.UTF8.GetBytes(meta));
        var reply = Read(exchange);
        Assert.Equal("a-1", reply.GetProperty("id").GetString());
        return reply.GetProperty("result").GetRawText();
    }

    private static void AssertStateless(string expected, string result)
    {
        var meta = result.IndexOf(",\"_meta\":", StringComparison.Ordinal);
        Assert.Equal(expected, result[..meta] + "}");
    }

    private static JsonElement Read(PlainExchange exchange) => JsonDocument.Parse(exchange.CompleteReply()).RootElement.Clone();

    private static PlainExchange Exchange(ProtocolVersion version)
    {
        var body = Encoding.UTF8.GetBytes(Messages.Call("echo", "\"a-1\""));
        Assert.True(EnvelopeReader.TryRead(body, out var envelope));
        var exchange = new PlainExchange { Version = version };
        exchange.Load(body, envelope);
        return exchange;
    }

    private sealed class PlainExchange : McpExchange
    {
        public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) => default;
    }
}
