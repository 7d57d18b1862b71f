using Microsoft.Extensions.Logging;
using Peregrine.Execution.Ledger;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Journal;

/// <summary>
/// Writes records of all stores behind each other into segments, many at once: while one batch is being written the next one gathers. Thread-safe; stores change their contents and append
/// what they changed under one lock, <see cref="Gate"/>, so that the order in the journal is the order of the changes.
/// </summary>
/// <remarks>
/// <para>One has the turn to write. Under <see cref="JournalPolicy.Os"/> a write is a copy into the memory of the system, which takes less time than to wake a thread for it: who finds the turn
/// free writes what it has appended itself, and what others append meanwhile is a batch of its own, written as work of the scheduler. Under <see cref="JournalPolicy.Disk"/> a batch waits for
/// the disk, on a thread of its own. The next one is taken behind the work that the last one has set going, so that what this appends joins it; nobody waits for a timer.</para>
/// <para>A batch that could not be written is kept, in front of what comes after it, and is tried again in a new segment: of the old one only what is known to be good counts. So a failure
/// loses nothing, as long as the process lives. A segment that has grown long is left for a new one, into which the stores write once more what they still need; then the old ones go.</para>
/// </remarks>
internal sealed class CommitLog : IThreadPoolWorkItem, IAsyncDisposable
{
    // Where no time is to pass between two tries, a disk that fails at once must not keep a core busy.
    private static readonly TimeSpan LeastRetryTime = TimeSpan.FromMilliseconds(10);

    private readonly JournalOptions _options;
    private readonly IWorkScheduler _scheduler;
    private readonly IBlockingLane _lane;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SegmentWriter _segments;
    private readonly SegmentRewriting _rewriting;
    private readonly Gathering _gathering;
    private readonly List<ScheduledCompletion<bool>> _keptWaiters = [];
    private PayloadWriter _filling = new();
    private PayloadWriter _writing = new();
    private List<ScheduledCompletion<bool>> _fillingWaiters = [];
    private List<ScheduledCompletion<bool>> _writingWaiters = [];
    private ITimer? _retry;
    private bool _hasTurn;
    private bool _mustRetry;
    private bool _disposed;
    private ScheduledCompletion<bool>? _closed;
    private long _failedAt;
    private long _commits;
    private long _batches;
    private volatile bool _failing;

    /// <summary>Makes a log that begins with a new segment.</summary>
    internal CommitLog(IJournalFiles files, JournalOptions options, RecoveredLog recovered, ICompactable[] stores, Lock gate,
        IWorkScheduler scheduler, TimeProvider time, ILogger logger)
    {
        Gate = gate;
        _options = options;
        _scheduler = scheduler;
        _time = time;
        _logger = logger;
        _lane = scheduler.CreateLane("Peregrine journal", 1);
        _segments = new SegmentWriter(files, options.Policy, recovered, gate, () => NextFence(), logger);
        _rewriting = new SegmentRewriting(_segments, options.SegmentBytes, stores, this);
        _gathering = new Gathering(this);
        Epoch = recovered.Epoch;
    }

    /// <summary>The lock of the stores and of this log.</summary>
    internal Lock Gate { get; }

    internal string Epoch { get; }

    /// <summary>The segment in which a record that is appended now stands at the earliest. Under the lock.</summary>
    internal int Segment => _segments.Number;

    /// <summary>Where the numbers of starts come from.</summary>
    internal Func<long> NextFence { get; set; } = static () => 1;

    /// <summary>True where the last write failed.</summary>
    internal bool IsFailing => _failing;

    internal JournalStatistics Statistics
    {
        get
        {
            lock (Gate)
            {
                return new JournalStatistics(_commits, _batches);
            }
        }
    }

    /// <summary>Begins a record; under the lock, until <see cref="Commit"/> or <see cref="CommitLater"/>.</summary>
    internal PayloadWriter Writer => _filling;

    /// <summary>
    /// Whether something new may be written; under the lock. Where the last write failed one may try now and then, and all others wait for what becomes of it: what cannot be written is
    /// kept in memory.
    /// </summary>
    internal bool MayBegin()
    {
        if (!_failing)
        {
            return true;
        }

        if (_time.GetElapsedTime(_failedAt) < _options.RetryAfter)
        {
            return false;
        }

        _failedAt = _time.GetTimestamp();
        return true;
    }

    /// <summary>Has what was written committed; under the lock. Whoever calls must then call <see cref="WriteAsync"/>, outside of it: it may have the turn.</summary>
    internal Commitment Commit()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _commits++;
        if (!_hasTurn && !_failing && _options.Policy == JournalPolicy.Os && !_rewriting.IsDue)
        {
            _hasTurn = true;
            Swap();
            return default;
        }

        var completion = new ScheduledCompletion<bool>(_scheduler);
        _fillingWaiters.Add(completion);
        CommitLater();
        return new Commitment(completion);
    }

    /// <summary>Writes, or waits until others have written.</summary>
    /// <returns>False where it could not be written for now.</returns>
    internal ValueTask<bool> WriteAsync(in Commitment commitment)
    {
        if (commitment.Completion is { } completion)
        {
            return completion.Task;
        }

        var written = Write();
        EndTurn();
        return new(written);
    }

    /// <summary>Has what was written committed without waiting for it; under the lock.</summary>
    internal void CommitLater()
    {
        if (!_hasTurn && !_disposed)
        {
            _hasTurn = true;
            ScheduleTurn();
        }
    }

    /// <summary>Waits until what could not be written is. For who was told that it was not. False where the log was closed before.</summary>
    internal ValueTask<bool> KeptIsWrittenAsync()
    {
        lock (Gate)
        {
            if (!_failing || _disposed)
            {
                return new(!_failing);
            }

            var completion = new ScheduledCompletion<bool>(_scheduler);
            _keptWaiters.Add(completion);
            return completion.Task;
        }
    }

    /// <summary>One turn: writes what has gathered. One at a time.</summary>
    public void Execute()
    {
        if (!TryTake(out var isRewritten))
        {
            return;
        }

        var gathers = _options.Policy == JournalPolicy.Disk && _writingWaiters.Count > 0;
        if (Write() && isRewritten)
        {
            _rewriting.End();
        }

        if (gathers)
        {
            // Behind the continuations of those who waited for this batch.
            _scheduler.Schedule(_gathering);
        }
        else
        {
            EndTurn();
        }
    }

    /// <summary>Writes what is left to write, and closes the files.</summary>
    public ValueTask DisposeAsync()
    {
        ScheduledCompletion<bool> closed;
        lock (Gate)
        {
            if (_disposed)
            {
                return default;
            }

            closed = new ScheduledCompletion<bool>(_scheduler);
            _closed = closed;
            _mustRetry = _failing;
            CommitLater();
            _disposed = true;
        }

        return Await(closed.Task);

        static async ValueTask Await(ValueTask<bool> closing) => await closing.ConfigureAwait(false);
    }

    // Under the lock.
    private bool HasWork => _filling.Length > 0 || _mustRetry || (!_failing && !_disposed && _rewriting.IsDue);

    private void EndTurn()
    {
        lock (Gate)
        {
            if (HasWork)
            {
                ScheduleTurn();
            }
            else
            {
                Rest();
            }
        }
    }

    // Under the lock. What stands in long segments is written once more on a thread of its own: nobody's call should take that time.
    private void ScheduleTurn()
    {
        if (_options.Policy == JournalPolicy.Os && !_rewriting.IsDue)
        {
            _scheduler.Schedule(this);
        }
        else
        {
            _lane.Schedule(this);
        }
    }

    // Under the lock.
    private void Rest()
    {
        _hasTurn = false;
        if (_disposed)
        {
            _retry?.Dispose();
            _segments.Dispose();
            CompleteKept(false);
            _closed?.TryComplete(true);
            _closed = null;
        }
    }

    // False where there is nothing to write: then the turn is over. A part of what must be written once more joins each batch.
    private bool TryTake(out bool isRewritten)
    {
        lock (Gate)
        {
            isRewritten = !_failing && !_disposed && _rewriting.AppendTo(_filling);
            if (_filling.Length == 0 && !_mustRetry)
            {
                Rest();
                return false;
            }

            _mustRetry = false;
            Swap();
            return true;
        }
    }

    private void Swap()
    {
        _batches++;
        (_filling, _writing) = (_writing, _filling);
        (_fillingWaiters, _writingWaiters) = (_writingWaiters, _fillingWaiters);
    }

    // By whoever has the turn, outside the lock.
    private bool Write()
    {
        var failure = _segments.TryWrite(_writing);
        _writing.Clear();
        if (failure is not null || _failing)
        {
            Note(failure);
        }

        foreach (var waiter in _writingWaiters)
        {
            waiter.TryComplete(failure is null);
        }

        _writingWaiters.Clear();
        return failure is null;
    }

    private void Note(Exception? failure)
    {
        if (failure is not null && !_failing)
        {
            JournalLog.WriteFailed(_logger, failure);
        }
        else if (failure is null)
        {
            JournalLog.WritesAgain(_logger);
        }

        lock (Gate)
        {
            _failing = failure is not null;
            if (failure is null)
            {
                _mustRetry = false;
                CompleteKept(true);
                return;
            }

            _failedAt = _time.GetTimestamp();
            _segments.Leave();
            _rewriting.Restart();
            if (!_disposed)
            {
                _retry ??= _time.CreateTimer(static state => ((CommitLog)state!).Retry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _retry.Change(_options.RetryAfter > LeastRetryTime ? _options.RetryAfter : LeastRetryTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    // Whoever waits for what is kept must not depend on others who come with something new.
    private void Retry()
    {
        lock (Gate)
        {
            if (_failing && !_disposed)
            {
                _mustRetry = true;
                CommitLater();
            }
        }
    }

    private void CompleteKept(bool written)
    {
        foreach (var waiter in _keptWaiters)
        {
            waiter.TryComplete(written);
        }

        _keptWaiters.Clear();
    }

    /// <summary>Goes on to the next batch, if there is one, when what was queued before has begun.</summary>
    private sealed class Gathering(CommitLog log) : IThreadPoolWorkItem
    {
        public void Execute() => log.EndTurn();
    }
}
