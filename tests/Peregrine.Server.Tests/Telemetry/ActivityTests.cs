using System.Diagnostics;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Telemetry;

/// <summary>Requests as activities, under OpenTelemetry's names.</summary>
public sealed class ActivityTests
{
    [Fact]
    public async Task ACallIsASpanOfTheCallersTrace()
    {
        using var recorded = new RecordedActivities();
        var (trace, meta) = Trace();
        await using var peer = TestPeer.Start(TestServer.With());

        await peer.AskAsync(Messages.Request("tools/call", "\"abc\"", $$$"""{"name":"echo","arguments":{},"_meta":{{{meta}}}}"""));

        var span = recorded.Of(trace);
        Assert.Equal("tools/call echo", span.DisplayName);
        Assert.Equal(ActivityKind.Server, span.Kind);
        Assert.Equal("00f067aa0ba902b7", span.ParentSpanId.ToHexString());
        Assert.Equal("vendor=1", span.TraceStateString);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal(
            [
                ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "echo"), ("jsonrpc.request.id", "abc"), ("mcp.method.name", "tools/call"),
                ("mcp.protocol.version", "2026-07-28"), ("network.transport", "pipe"),
            ],
            span.TagObjects.Select(static tag => (tag.Key, (string)tag.Value!)).Order());
    }

    [Fact]
    public async Task AToolSeesItsSpanAsTheCurrentOne()
    {
        using var recorded = new RecordedActivities();
        var (trace, meta) = Trace();
        Activity? seen = null;
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("look", async _ =>
        {
            await Task.Yield();
            seen = Activity.Current;
        })));

        await peer.AskAsync(Messages.Request("tools/call", "1", $$$"""{"name":"look","_meta":{{{meta}}}}"""));

        Assert.Same(recorded.Of(trace), seen);
    }

    [Theory]
    [InlineData("fail", "tool_error", null)]
    [InlineData("absent", "-32602", "-32602")]
    public async Task AFailureSaysWhatKindItIs(string tool, string type, string? code)
    {
        using var recorded = new RecordedActivities();
        var (trace, meta) = Trace();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool("fail", static _ => throw new McpToolException("no"))));

        await peer.AskAsync(Messages.Request("tools/call", "1", $$$"""{"name":"{{{tool}}}","_meta":{{{meta}}}}"""));

        var span = recorded.Of(trace);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal(type, span.GetTagItem("error.type"));
        Assert.Equal(code, span.GetTagItem("rpc.response.status_code"));
    }

    [Theory]
    [InlineData("\"00-4bf92f3577b34da6a3ce929d0e0e4736\"")]
    [InlineData("\"zz-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"")]
    [InlineData("42")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"traceparent\":1}")]
    public async Task AnInvalidParentIsNone(string parent)
    {
        using var recorded = new RecordedActivities();
        var id = Guid.NewGuid().ToString();
        await using var peer = TestPeer.Start(TestServer.With());

        var reply = await peer.AskAsync(Messages.Request("tools/call", $"\"{id}\"", $$$"""{"name":"echo","_meta":{"traceparent":{{{parent}}}}}"""));

        Assert.True(reply.TryGetProperty("result", out _));
        var span = recorded.WithRequest(id);
        Assert.Equal(default, span.ParentSpanId);
    }

    // A trace of the test's own, and what a client of it puts into _meta.
    private static (ActivityTraceId Trace, string Meta) Trace()
    {
        var trace = ActivityTraceId.CreateRandom();
        return (trace, $$$"""{"traceparent":"00-{{{trace}}}-00f067aa0ba902b7-01","tracestate":"vendor=1","io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}""");
    }
}
