using System.Text;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests;

/// <summary>Measures what a call through a gateway leaves to the collector. Run alone: what other tests allocate meanwhile would be counted too.</summary>
internal static class CallCost
{
    private const int Rounds = 7;

    /// <summary>Bytes of a call, gateway and connection together.</summary>
    /// <param name="configuration">Of the gateway.</param>
    /// <param name="exchange">The call; holds the last reply afterwards.</param>
    /// <param name="calls">How many are made in a round; as many ahead of the first.</param>
    internal static async Task<long> BytesPerCallAsync(string configuration, InProcessExchange exchange, int calls)
    {
        var read = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(configuration), "test.json", static _ => null);
        await using var gateway = new PeregrineGateway(read.Configuration!);
        gateway.Start();
        await RunAsync(gateway, exchange, calls);

        // The best of several rounds: what else happens in the process only ever adds.
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(gateway, exchange, calls);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / calls);
        }

        Assert.Equal(0, exchange.ErrorCode);
        return least;
    }

    private static async Task RunAsync(PeregrineGateway gateway, InProcessExchange exchange, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            await gateway.Responder.RespondAsync(exchange);
        }
    }
}
