using Peregrine.Observability.Metrics;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Validation;

/// <summary>What validation costs in the server, as its metrics tell.</summary>
public sealed class DurationTests
{
    [Fact]
    public async Task ValidatingSmallArgumentsIsFarBelowATenthOfAMillisecond()
    {
        var server = TestServer.With(new RawTool("weather", RawTool.City));
        await using var peer = TestPeer.Start(server);
        await CallAsync(peer, 2_000);
        Assert.Equal(0, server.Validation.Durations.Count);

        await CallAsync(peer, 5_000);

        var durations = server.Validation.Durations;
        Assert.Equal(5_000, durations.Count);
        // The budget. Two orders above what it takes: only a machine that stops one call of twenty in these microseconds passes it.
        Assert.True(durations.Percentile(0.95) <= TimeSpan.FromMilliseconds(0.1), $"P95 is {durations.Percentile(0.95).TotalMicroseconds} µs");
    }

    [Fact]
    public async Task TheMetricsHaveIt()
    {
        var server = TestServer.With(new RawTool("weather", RawTool.City));
        await using var peer = TestPeer.Start(server);
        _ = server.Validation.Durations;
        await CallAsync(peer, 3);
        await peer.AskAsync(Messages.Call("weather"));

        var writer = new PrometheusTextWriter();
        server.Validation.WriteTo(writer);

        var text = System.Text.Encoding.UTF8.GetString(writer.Written.Span);
        Assert.Contains("mcp_validations_total{subject=\"arguments\",outcome=\"valid\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("mcp_validations_total{subject=\"arguments\",outcome=\"invalid\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("mcp_validation_duration_seconds_count 4\n", text, StringComparison.Ordinal);
        Assert.Contains("mcp_compiled_schemas_total{outcome=\"hit\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("mcp_compiled_schemas_total{outcome=\"miss\"} 1\n", text, StringComparison.Ordinal);
    }

    private static async Task CallAsync(TestPeer peer, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            Assert.Equal("ran", (await peer.AskAsync(Messages.StatelessCall("weather", arguments: """{"city":"Oslo","days":3,"near":[1,2]}"""))).Text());
        }
    }
}
