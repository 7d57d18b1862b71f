using System.Buffers;
using Peregrine.Execution.Keys;

namespace Peregrine.Execution.Stores;

/// <summary>
/// Remembers which calls have been started and how they ended, so that a call under a key runs once. Implementations are thread-safe. What an answer says is as durable as the store:
/// a started call is written before the answer is given, and so is its end before <see cref="CompleteAsync"/> returns.
/// </summary>
public interface ICallLedger
{
    /// <summary>What the ledger's contents survive.</summary>
    Durability Durability { get; }

    /// <summary>
    /// Changes whenever the ledger began empty, or may have lost a key. A caller that names another one cannot rely on keys being known. 1 to 64 characters of <c>A-Z a-z 0-9 -</c>.
    /// </summary>
    string Epoch { get; }

    /// <summary>Claims a key: starts the call, or says what has become of it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="claim">How it is claimed.</param>
    /// <param name="cancellationToken">Stops waiting, where nothing was started yet; a call that is being started is given up by the ledger.</param>
    /// <returns>Any status but <see cref="LedgerStatus.New"/>.</returns>
    ValueTask<LedgerAnswer> BeginAsync(CallKey key, LedgerClaim claim, CancellationToken cancellationToken);

    /// <summary>Keeps a started call from being given up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fence">The number of its start.</param>
    /// <param name="lease">How long from now on.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False where another owner took over, or the call has ended.</returns>
    ValueTask<bool> RenewAsync(CallKey key, long fence, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Stores what a call returned, and wakes who waits for it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fence">The number of its start.</param>
    /// <param name="result">What it returned; copied.</param>
    /// <param name="isFinal">False where it asked its caller something and another round follows.</param>
    /// <param name="cancellationToken">Not looked at once the end is being written.</param>
    /// <returns>False where another owner took over: then nothing was stored.</returns>
    /// <exception cref="IOException">It cannot be written now, so nobody may be told. Where the ledger can, it keeps the result and goes on trying; until then the call is in flight.</exception>
    ValueTask<bool> CompleteAsync(CallKey key, long fence, ReadOnlySequence<byte> result, bool isFinal, CancellationToken cancellationToken);

    /// <summary>Gives a started call up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fence">The number of its start.</param>
    /// <param name="mayHaveRun">True: its outcome is unknown from now on. False: it has not run, and the key is new again.</param>
    /// <param name="cancellationToken">Not looked at once that is being written.</param>
    /// <returns>False where another owner took over: then nothing was changed.</returns>
    ValueTask<bool> AbandonAsync(CallKey key, long fence, bool mayHaveRun, CancellationToken cancellationToken);

    /// <summary>Waits for the end of a call that somebody else runs.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Completed, Asking, Unknown; New where it was given up before it ran, or is not known.</returns>
    ValueTask<LedgerAnswer> WaitAsync(CallKey key, CancellationToken cancellationToken);
}
