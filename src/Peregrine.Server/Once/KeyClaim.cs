using System.Runtime.CompilerServices;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;

namespace Peregrine.Server.Once;

/// <summary>How a call with a key comes to its turn, in servers and in the gateway. No state.</summary>
internal static class KeyClaim
{
    /// <summary>Claims a key until that starts the call, or tells what became of it.</summary>
    /// <param name="ledger">Where keys are kept.</param>
    /// <param name="key">The key.</param>
    /// <param name="claim">What the call claims.</param>
    /// <param name="cancellationToken">Ends the wait for another call with this key; a claim itself is not broken off.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<LedgerAnswer> ClaimAsync(ICallLedger ledger, CallKey key, LedgerClaim claim, CancellationToken cancellationToken)
    {
        // Who waited for a call that was given up, or whose outcome can be found out, claims it: one of them all gets it.
        LedgerAnswer answer;
        do
        {
            answer = await ledger.BeginAsync(key, claim, CancellationToken.None).ConfigureAwait(false);
            if (answer.Status == LedgerStatus.InFlight)
            {
                answer = await ledger.WaitAsync(key, cancellationToken).ConfigureAwait(false);
            }
        }
        while (answer.Status is LedgerStatus.New or LedgerStatus.InFlight || (answer.Status == LedgerStatus.Unknown && claim.TakesUnknown));

        return answer;
    }
}
