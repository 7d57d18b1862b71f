using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;

namespace Peregrine.Server.Once;

/// <summary>Renews the lease of one call as long as it runs. Where the ledger lives and dies with this process, there is nothing to renew.</summary>
internal static class LeaseKeeper
{
    /// <summary>Begins to renew; null where that is not needed.</summary>
    internal static ITimer? Start(ICallLedger ledger, CallKey key, long fence, TimeSpan lease, TimeProvider time) =>
        ledger.Durability != Durability.Cluster ? null
            : time.CreateTimer(_ => _ = RenewAsync(ledger, key, fence, lease), null, lease / 3, lease / 3);

    private static async Task RenewAsync(ICallLedger ledger, CallKey key, long fence, TimeSpan lease)
    {
        try
        {
            await ledger.RenewAsync(key, fence, lease, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The store is out of reach: the next turn tries again, and the lease says what holds meanwhile.
        }
    }
}
