using System.Text;
using Peregrine.Gateway.Configuration;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Policies;

// Alone: what other tests allocate meanwhile would be counted too.
[Collection(nameof(PolicyCostTests))]
[CollectionDefinition(nameof(PolicyCostTests), DisableParallelization = true)]
public sealed class PolicyCostTests
{
    [Fact]
    public async Task A_route_without_policies_allocates_no_more_where_others_have_some_than_where_none_has()
    {
        var without = await BytesPerCallAsync("{}");
        var beside = await BytesPerCallAsync("""{"tools":{"sleep":{"timeoutSeconds":5,"once":true,"rateLimit":{"perSecond":5}}}}""");

        // A few bytes of noise: what else happens in the process is counted too.
        Assert.True(beside <= without + 16, $"{beside} bytes a call beside policies, {without} without");
    }

    [Fact]
    public async Task A_hit_of_the_cache_allocates_little_however_long_its_result()
    {
        var bytes = await BytesPerCallAsync("""{"tools":{"inspect":{"readOnly":true,"cache":{"seconds":3600}}}}""", "inspect");

        Assert.True(bytes <= 512, $"{bytes} bytes a hit");
    }

    private static async Task<long> BytesPerCallAsync(string policies, string tool = "echo")
    {
        var read = GatewayConfigurationReader.Read(Encoding.UTF8.GetBytes(RouteLimitTests.Processes(policies)), "test.json", static _ => null);
        await using var gateway = new PeregrineGateway(read.Configuration!);
        gateway.Start();
        var ballast = new string('x', 10_000);
        using var exchange = new InProcessExchange(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}","arguments":{"message":"{{ballast}}"} } }"""));
        for (var i = 0; i < 200; i++)
        {
            await gateway.Responder.RespondAsync(exchange);
        }

        // The best of several rounds: what else happens in the process only ever adds.
        var least = long.MaxValue;
        for (var round = 0; round < 7; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < 200; i++)
            {
                await gateway.Responder.RespondAsync(exchange);
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / 200);
        }

        Assert.Equal(0, exchange.ErrorCode);
        return least;
    }
}
