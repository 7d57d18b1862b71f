using System.Text;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;
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
        var read = GatewayConfigurationReader.Read(
            Encoding.UTF8.GetBytes($$"""{"servers": { "only": { {{RunningGateway.Server("--session")}} } } }"""), "test.json", static _ => null);
        await using var gateway = new PeregrineGateway(read.Configuration!);
        gateway.Start();
        var ballast = new string('x', 10_000);
        var call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"calls","arguments":{"ballast":""" + "\"" + ballast + "\"}}}";
        using var exchange = new InProcessExchange(Encoding.UTF8.GetBytes(call));
        for (var i = 0; i < 200; i++)
        {
            await gateway.Responder.RespondAsync(exchange);
        }

        // The best of several rounds: what else happens in the process only ever adds.
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < 200; i++)
            {
                await gateway.Responder.RespondAsync(exchange);
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / 200);
        }

        Assert.True(least <= BytesPerCall, $"{least} bytes a call; allowed are {BytesPerCall}");
        Assert.Contains("\"text\":\"1200\"", Encoding.UTF8.GetString(exchange.Reply.WrittenSpan), StringComparison.Ordinal);
    }
}
