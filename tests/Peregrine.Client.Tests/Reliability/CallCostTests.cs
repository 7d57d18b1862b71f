#if !DEBUG

using Peregrine.Protocol.Versions;

namespace Peregrine.Client.Tests.Reliability;

/// <summary>What a call allocates, client and server together, in one process. In Release builds only: others allocate what an optimiser removes.</summary>
[Collection(nameof(MeasuredAlone))]
[Trait("Category", "Allocation")]
public sealed class CallCostTests
{
    private static readonly byte[] Arguments = """{"a":1,"b":2}"""u8.ToArray();

    [Theory]
    [InlineData(ProtocolEra.Session)]
    [InlineData(ProtocolEra.Stateless)]
    public async Task A_small_call_allocates_at_most_1_KB_on_both_sides(ProtocolEra era)
    {
        var perCall = await MeasureAsync(new PeregrineClientOptions { Era = era });
        TestContext.Current.SendDiagnosticMessage($"add(1,2), {era}: {perCall:0} B a call");
        Assert.InRange(perCall, 1, 1024);
    }

    /// <summary>What the whole of it costs beside a client that does nothing about failures.</summary>
    [Fact]
    public async Task Reliability_costs_a_call_that_succeeds_at_most_160_bytes()
    {
        var with = await MeasureAsync(new PeregrineClientOptions { Era = ProtocolEra.Session });
        var without = await MeasureAsync(new PeregrineClientOptions { Era = ProtocolEra.Session, IsPooled = true });
        Assert.InRange(with - without, -50, 160);
    }

    private static async Task<double> MeasureAsync(PeregrineClientOptions options)
    {
        await using var server = new InProcessServer(static builder => builder.AddTools(new ArithmeticTools()));
        await using var client = await PeregrineClient.ConnectAsync(server.Connection, options).Soon();
        await CallAsync(client, 3000);
        var least = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await CallAsync(client, 2000);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / 2000.0);
        }

        return least;
    }

    private static async Task CallAsync(PeregrineClient client, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var result = await client.CallToolAsync("add", Arguments);
            if (result.GetText() != "3")
            {
                Assert.Fail("add(1,2) is " + result.GetText());
            }
        }
    }
}
#endif
