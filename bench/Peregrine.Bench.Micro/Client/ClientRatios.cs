using Peregrine.Bench.Micro.Ratios;
using Peregrine.Protocol.Versions;

namespace Peregrine.Bench.Micro.Client;

/// <summary>A call from the client's method to its result, in the fast mode: one after the other, so that it is time that is compared, not throughput.</summary>
internal static class ClientRatios
{
    private const int Calls = 20;

    public static IEnumerable<RatioCase> Cases =>
    [
        new RatioCase($"add(1,2) pair x{Calls}", 0,
        [
            Contestant("PeregrineClient, session", static () => AddPair.ConnectOursAsync(ProtocolEra.Session)),
            Contestant("PeregrineClient, stateless", static () => AddPair.ConnectOursAsync(ProtocolEra.Stateless)),
            Contestant("ModelContextProtocol", AddPair.ConnectOfficialAsync),
        ])
        {
            WarmsUntilSteady = true,
        },
    ];

    // Connected at the first call: who measures other cases does not pay for it.
    private static Contestant Contestant(string name, Func<Task<Func<ValueTask<int>>>> connect)
    {
        var call = new Lazy<Func<ValueTask<int>>>(() => connect().GetAwaiter().GetResult());
        return new Contestant(name, () => CallAsync(call.Value).GetAwaiter().GetResult());
    }

    private static async Task<int> CallAsync(Func<ValueTask<int>> call)
    {
        var sum = 0;
        for (var i = 0; i < Calls; i++)
        {
            sum += await call();
        }

        return sum == 3 * Calls ? sum : throw new InvalidOperationException($"{Calls} sums of 1 and 2 give {sum}.");
    }
}
