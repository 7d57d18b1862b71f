using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Stores;

namespace Peregrine.Simulation.PlantedBugs;

/// <summary>A ledger that does what the one inside does; those that derive from it get one thing wrong.</summary>
internal abstract class FaultyLedger(ICallLedger inner) : ICallLedger
{
    public Durability Durability => inner.Durability;

    public string Epoch => inner.Epoch;

    protected ICallLedger Inner => inner;

    public virtual ValueTask<LedgerAnswer> BeginAsync(CallKey key, LedgerClaim claim, CancellationToken cancellationToken) => inner.BeginAsync(key, claim, cancellationToken);

    public ValueTask<bool> RenewAsync(CallKey key, long fence, TimeSpan lease, CancellationToken cancellationToken) => inner.RenewAsync(key, fence, lease, cancellationToken);

    public virtual ValueTask<bool> CompleteAsync(CallKey key, long fence, ReadOnlySequence<byte> result, bool isFinal, CancellationToken cancellationToken) =>
        inner.CompleteAsync(key, fence, result, isFinal, cancellationToken);

    public ValueTask<bool> AbandonAsync(CallKey key, long fence, bool mayHaveRun, CancellationToken cancellationToken) => inner.AbandonAsync(key, fence, mayHaveRun, cancellationToken);

    public virtual ValueTask<LedgerAnswer> WaitAsync(CallKey key, CancellationToken cancellationToken) => inner.WaitAsync(key, cancellationToken);
}
