using System.Buffers;
using Peregrine.Execution.Keys;
using Peregrine.Execution.Ledger;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Stores.Memory;

/// <summary>A ledger in this process's memory. It forgets with the process; its epoch tells callers so. Thread-safe.</summary>
public sealed class MemoryCallLedger : ICallLedger
{
    private readonly Lock _gate = new();
    private readonly LedgerTable _table;
    private readonly LedgerWaiting _waiting;

    /// <summary>Makes an empty ledger, with an epoch of its own.</summary>
    /// <param name="limits">How much it keeps; null for the defaults.</param>
    /// <param name="time">Where time comes from; null for the system's.</param>
    /// <param name="scheduler">Who runs what waited; null for the thread pool.</param>
    /// <exception cref="ArgumentException">The limits are faulty; the message names every fault.</exception>
    public MemoryCallLedger(LedgerLimits? limits = null, TimeProvider? time = null, IWorkScheduler? scheduler = null)
    {
        limits ??= LedgerLimits.Default;
        if (limits.Validate() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(limits));
        }

        time ??= TimeProvider.System;
        _table = new LedgerTable(time, limits);
        _waiting = new LedgerWaiting(_table, _gate, time, scheduler ?? ThreadPoolScheduler.Instance);
        Epoch = NewEpoch();
    }

    /// <inheritdoc/>
    public Durability Durability => Durability.Memory;

    /// <inheritdoc/>
    public string Epoch { get; }

    /// <summary>How many keys it knows.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _table.Count;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<LedgerAnswer> BeginAsync(CallKey key, LedgerClaim claim, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_table.Begin(key, claim, out _));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(CallKey key, long fence, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_table.Owned(key, fence) is not { } entry)
            {
                return new(false);
            }

            entry.LeaseEnds = LedgerTable.LeaseEnd(lease, _table.Now);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> CompleteAsync(CallKey key, long fence, ReadOnlySequence<byte> result, bool isFinal, CancellationToken cancellationToken) =>
        End(key, fence, isFinal ? EntryState.Completed : EntryState.Asking, result.ToArray());

    /// <inheritdoc/>
    public ValueTask<bool> AbandonAsync(CallKey key, long fence, bool mayHaveRun, CancellationToken cancellationToken) =>
        End(key, fence, mayHaveRun ? EntryState.Unknown : EntryState.New, []);

    /// <inheritdoc/>
    public ValueTask<LedgerAnswer> WaitAsync(CallKey key, CancellationToken cancellationToken) => _waiting.WaitAsync(key, cancellationToken);

    // As Guid.ToString writes it, without its vectors, which are not compiled ahead: this is on the way to the first reply (docs/performance.md, "Start").
    private static string NewEpoch()
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = Guid.NewGuid().TryWriteBytes(bytes, bigEndian: true, out _);
        Span<char> text = stackalloc char[36];
        var at = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i is 4 or 6 or 8 or 10)
            {
                text[at++] = '-';
            }

            text[at++] = HexDigit(bytes[i] >> 4);
            text[at++] = HexDigit(bytes[i] & 15);
        }

        return new string(text);
    }

    private static char HexDigit(int value) => (char)(value < 10 ? '0' + value : 'a' + value - 10);

    private ValueTask<bool> End(CallKey key, long fence, EntryState endsAs, byte[] result)
    {
        lock (_gate)
        {
            if (_table.Owned(key, fence) is not { } entry)
            {
                return new(false);
            }

            _table.BeginEnd(entry, endsAs, result);
            _table.End(entry);
            return new(true);
        }
    }
}
