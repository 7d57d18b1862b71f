using System.Text;
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
        var ballast = new string('x', 10_000);
        using var exchange = new InProcessExchange(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}","arguments":{"message":"{{ballast}}"} } }"""));
        return await CallCost.BytesPerCallAsync(RouteLimitTests.Processes(policies), exchange, calls: 200);
    }
}
