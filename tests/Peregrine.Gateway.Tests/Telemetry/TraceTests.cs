using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Telemetry;

namespace Peregrine.Gateway.Tests.Telemetry;

/// <summary>Traces: what the gateway says of a call, and what it tells the server behind.</summary>
public sealed class TraceTests
{
    [Theory]
    [InlineData("--session")]
    [InlineData("--stateless")]
    public async Task A_call_is_a_span_of_its_callers_trace_and_its_server_is_told_of_that_span(string era)
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == GatewayTelemetry.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "only": { {{RunningGateway.Server(era)}} } } }""");
        var trace = ActivityTraceId.CreateRandom();

        var reply = await gateway.StatelessAsync("tools/call", """{"name":"inspect"}""", $"\"traceparent\":\"00-{trace}-00f067aa0ba902b7-01\",\"tracestate\":\"a=1\"");

        var seen = JsonNode.Parse((string)JsonNode.Parse(reply)!["result"]!["content"]![0]!["text"]!)!["params"]!["_meta"]!;
        var span = Assert.Single(ended, activity => activity.TraceId == trace);
        Assert.Equal("tools/call inspect", span.DisplayName);
        Assert.Equal("00f067aa0ba902b7", span.ParentSpanId.ToString());
        Assert.Equal("only", span.GetTagItem("peregrine.upstream"));
        Assert.Equal(span.Id, (string)seen["traceparent"]!);
        Assert.Equal("a=1", (string)seen["tracestate"]!);
    }

    [Fact]
    public async Task Without_a_listener_the_callers_own_trace_goes_on()
    {
        await using var gateway = await RunningGateway.StartAsync($$"""{"servers": { "only": { {{RunningGateway.Server("--stateless")}} } } }""");
        const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        // Other tests of this process may listen meanwhile: then the trace is the same, and the span another.
        var reply = await gateway.StatelessAsync("tools/call", """{"name":"inspect"}""", $"\"traceparent\":\"{Parent}\"");

        Assert.Contains("4bf92f3577b34da6a3ce929d0e0e4736", reply, StringComparison.Ordinal);
    }
}
