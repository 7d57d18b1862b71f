using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Peregrine.Observability.Metrics;
using Peregrine.Server.Telemetry;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Telemetry;

/// <summary>OpenTelemetry's histogram, and the server's own counters.</summary>
public sealed class OperationDurationTests
{
    [Fact]
    public async Task TheHistogramHasTheConventionsNames()
    {
        var tool = $"tool-{Guid.NewGuid():N}";
        var recorded = new ConcurrentQueue<KeyValuePair<string, object?>[]>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Source && instrument.Name == TelemetryNames.OperationDuration)
                {
                    Assert.Equal("s", instrument.Unit);
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            Assert.InRange(seconds, 0, 60);
            recorded.Enqueue(tags.ToArray());
        });
        listener.Start();
        await using var peer = TestPeer.Start(TestServer.With(new DelegateTool(tool, static _ => throw new McpToolException("no"))));

        await peer.AskAsync(Messages.StatelessCall(tool));

        var tags = Assert.Single(recorded, tags => tags.Any(tag => tool.Equals(tag.Value)));
        Assert.Equal(
            [("error.type", "tool_error"), ("gen_ai.tool.name", tool), ("mcp.method.name", "tools/call"), ("mcp.protocol.version", "2026-07-28"), ("network.transport", "pipe")],
            tags.Select(static tag => (tag.Key, (string)tag.Value!)).Order());
    }

    [Fact]
    public async Task TheServersCountersCountFromTheirFirstReading()
    {
        var server = TestServer.With(new DelegateTool("fail", static _ => throw new McpToolException("no")));
        await using var peer = TestPeer.Start(server);
        await peer.AskAsync(Messages.Call("echo"));

        var metrics = server.Metrics;
        await peer.AskAsync(Messages.Call("echo"));
        await peer.AskAsync(Messages.Call("echo"));
        await peer.AskAsync(Messages.Call("fail"));
        await peer.AskAsync(Messages.Call("absent"));
        await peer.AskAsync(Messages.Request("tools/list"));
        await peer.AssertQuietAsync();

        var calls = metrics.Meter("", "tools/call");
        Assert.Equal(2, calls.Count(RequestOutcome.Ok));
        Assert.Equal(1, calls.Count(RequestOutcome.ToolError));
        Assert.Equal(1, calls.Count(RequestOutcome.Invalid));
        Assert.Equal(1, metrics.Meter("", "tools/list").Count(RequestOutcome.Ok));
    }
}
