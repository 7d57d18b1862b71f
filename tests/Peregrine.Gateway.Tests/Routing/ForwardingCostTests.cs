using System.Text;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Routing;

// Alone: what other tests allocate meanwhile would be counted too.
[Collection(nameof(ForwardingCostTests))]
[CollectionDefinition(nameof(ForwardingCostTests), DisableParallelization = true)]
public sealed class ForwardingCostTests
{
    // What a forwarded call may leave to the collector, gateway and connection together, in a debug build, whose state machines are objects: 656 when
    // this was written. A copy of the arguments would add 10,000.
    private const long BytesPerCall = 1024;

    [Fact]
    public async Task Forwarding_a_call_allocates_little_however_large_its_arguments()
    {
        var ballast = new string('x', 10_000);
        using var exchange = new InProcessExchange(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"calls","arguments":{"ballast":"{{ballast}}"} } }"""));

        var bytes = await CallCost.BytesPerCallAsync($$"""{"servers": { "only": { {{RunningGateway.Server("--session")}} } } }""", exchange, calls: 200);

        Assert.True(bytes <= BytesPerCall, $"{bytes} bytes a call; allowed are {BytesPerCall}");
        Assert.Contains("\"text\":\"1600\"", Encoding.UTF8.GetString(exchange.Reply.WrittenSpan), StringComparison.Ordinal);
    }
}
