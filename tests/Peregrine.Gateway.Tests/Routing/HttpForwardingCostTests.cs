#if !DEBUG
using System.Text;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Routing;

/// <summary>What a call that goes on over HTTP leaves to the collector, gateway and connection together. In Release builds only.</summary>
[Collection(nameof(ForwardingCostTests))]
[Trait("Category", "Allocation")]
public sealed class HttpForwardingCostTests(ITestOutputHelper output)
{
    private const long BytesPerCall = 1024;

    [Theory]
    [InlineData("session")]
    [InlineData("stateless")]
    public async Task Forwarding_a_call_over_http_allocates_at_most_one_kilobyte(string era)
    {
        using var server = new CannedServer();
        using var exchange = new InProcessExchange("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hello","arguments":{"message":"hello"}}}"""u8);

        var bytes = await CallCost.BytesPerCallAsync($$"""{"servers": { "only": { "url": "{{server.Endpoint}}" } }, "peregrine": { "servers": { "only": { "era": "{{era}}" } } } }""", exchange, calls: 500);

        output.WriteLine($"{bytes} bytes a call");
        Assert.Contains("\"hi\"", Encoding.UTF8.GetString(exchange.Reply.WrittenSpan), StringComparison.Ordinal);
        Assert.True(bytes <= BytesPerCall, $"{bytes} bytes a call; allowed are {BytesPerCall}");
    }
}
#endif
