#if !DEBUG
using System.Text;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;
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
        var read = GatewayConfigurationReader.Read(
            Encoding.UTF8.GetBytes($$"""{"servers": { "only": { "url": "{{server.Endpoint}}" } }, "peregrine": { "servers": { "only": { "era": "{{era}}" } } } }"""), "test.json", static _ => null);
        await using var gateway = new PeregrineGateway(read.Configuration!);
        gateway.Start();
        using var exchange = new InProcessExchange("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hello","arguments":{"message":"hello"}}}"""u8);
        await RunAsync(gateway, exchange, 500);
        Assert.Contains("\"hi\"", Encoding.UTF8.GetString(exchange.Reply.WrittenSpan), StringComparison.Ordinal);

        // The best of several rounds: what else happens in the process only ever adds.
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(gateway, exchange, 500);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / 500);
        }

        output.WriteLine($"{least} bytes a call");
        Assert.True(least <= BytesPerCall, $"{least} bytes a call; allowed are {BytesPerCall}");
    }

    private static async Task RunAsync(PeregrineGateway gateway, InProcessExchange exchange, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            await gateway.Responder.RespondAsync(exchange);
        }
    }
}
#endif
