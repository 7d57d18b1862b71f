using System.Globalization;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Ledger;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Journal;

/// <summary>
/// Writes records of all stores behind each other into segments, many at once: while one batch is being written the next one gathers. Thread-safe; stores change their contents and append
/// what they changed under one lock, <see cref="Gate"/>, so that the order in the journal is the order of the changes.
/// </summary>
/// <remarks>
/// A batch that could not be written is kept, in front of what comes after it, and is tried again in a new segment: of the old one only what is known to be good counts. So a failure loses
/// nothing, as long as the process lives. A segment that has grown long is left for a new one, into which the stores write once more what they still need; then the old ones go.
/// </remarks>
internal sealed class CommitLog : IThreadPoolWorkItem, IAsyncDisposable
{
    // With each batch at least so much of what is needed, and twice the batch: it is done long before the next segment is full, and a batch stays short.
    private const int RewriteBytes = 32 * 1024;

    private readonly IJournalFiles _files;
    private readonly JournalOptions _options;
    private readonly IWorkScheduler _scheduler;
    private readonly IBlockingLane _lane;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ICompactable[] _stores;
    private readonly List<int> _segments;
    private readonly PayloadWriter _heading = new();
    private PayloadWriter _filling = new();
    private PayloadWriter _writing = new();
    private readonly PayloadWriter _unwritten = new();
    private List<ScheduledCompletion<bool>> _fillingWaiters = [];
    private List<ScheduledCompletion<bool>> _writingWaiters = [];
    private IJournalFile? _file;
    private long _length;
    private int _previous;
    private long _previousLength;
    private bool _running;
    private bool _disposed;
    private ScheduledCompletion<bool>? _closed;
    private IEnumerator<bool>? _rewriting;
    private int _rewrittenBelow;
    private int _rewriteStore;
    private long _keptBytes;
    private long _failedAt;
    private volatile bool _failing;

    /// <summary>Makes a log that begins with a new segment.</summary>
    internal CommitLog(IJournalFiles files, JournalOptions options, RecoveredLog recovered, ICompactable[] stores, Lock gate,
        IWorkScheduler scheduler, TimeProvider time, ILogger logger)
    {
        Gate = gate;
        _files = files;
        _options = options;
        _stores = stores;
        _scheduler = scheduler;
        _time = time;
        _logger = logger;
        _lane = scheduler.CreateLane("Peregrine journal", 1);
        _segments = [.. recovered.Segments];
        _previous = recovered.Last;
        _previousLength = recovered.LastLength;
        Epoch = recovered.Epoch;
        Segment = recovered.Last + 1;
        _rewrittenBelow = Segment;
    }

    /// <summary>The lock of the stores and of this log.</summary>
    internal Lock Gate { get; }

    internal string Epoch { get; }

    /// <summary>The segment in which a record that is appended now stands at the earliest. Under the lock.</summary>
    internal int Segment { get; private set; }

    /// <summary>Where the numbers of starts come from.</summary>
    internal Func<long> NextFence { get; set; } = static () => 1;

    /// <summary>True where the last write failed.</summary>
    internal bool IsFailing => _failing;

    /// <summary>The bytes in the segment that is being written. For tests.</summary>
    internal long SegmentLength => Interlocked.Read(ref _length);

    internal int SegmentCount
    {
        get
        {
            lock (Gate)
            {
                return _segments.Count;
            }
        }
    }

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

    /// <summary>Begins a record; under the lock, until <see cref="Commit"/> or <see cref="CommitLater"/>.</summary>
    internal PayloadWriter Writer => _filling;

    /// <summary>Has what was written committed; under the lock.</summary>
    /// <returns>To be awaited outside the lock. False where it could not be written for now.</returns>
    internal ValueTask<bool> Commit()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var completion = new ScheduledCompletion<bool>(_scheduler);
        _fillingWaiters.Add(completion);
        CommitLater();
        return completion.Task;
    }

    /// <summary>Has what was written committed without waiting for it; under the lock.</summary>
    internal void CommitLater()
    {
        if (!_running && !_disposed)
        {
            _running = true;
            _lane.Schedule(this);
        }
    }

    /// <summary>Writes batches until nothing is left to write. In the lane, one at a time.</summary>
    public void Execute()
    {
        while (TryTake(out var isRewritten))
        {
            var written = TryWrite();
            _writing.Clear();
            foreach (var waiter in _writingWaiters)
            {
                waiter.TryComplete(written);
            }

            _writingWaiters.Clear();
            if (written && isRewritten)
            {
                EndRewriting();
            }

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
            CommitLater();
            _disposed = true;
        }

        return Await(closed.Task);

        static async ValueTask Await(ValueTask<bool> closing) => await closing.ConfigureAwait(false);
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
        _files.Dispose();
        _closed?.TryComplete(true);
    }

    // False where there is nothing to write. A part of what must be written once more joins each batch.
    private bool TryTake(out bool isRewritten)
    {
        lock (Gate)
        {
            isRewritten = !_failing && !_disposed && Rewrite();
            if (_filling.Length == 0 && !isRewritten)
            {
                _running = false;
                if (_disposed)
                {
                    Close();
                }

                return false;
            }

            (_filling, _writing) = (_writing, _filling);
            (_fillingWaiters, _writingWaiters) = (_writingWaiters, _fillingWaiters);
            return true;
        }
    }

    // Under the lock. True where the last of it is in the batch.
    private bool Rewrite()
    {
        if (_rewriting is null)
        {
            var due = _length > Math.Max(_options.SegmentBytes, _keptBytes) || _file is null;
            if (!due && _rewrittenBelow == 0)
            {
                return false;
            }

            if (due && _file is not null)
            {
                LeaveSegment();
            }

            _rewrittenBelow = Segment;
            _rewriteStore = 0;
            _keptBytes = 0;
            _rewriting = _stores[0].Rewrite(Segment, this);
        }

        var begin = _filling.Length;
        var limit = Math.Max(RewriteBytes, 2 * begin);
        while (_filling.Length - begin < limit)
        {
            if (_rewriting.MoveNext())
            {
                continue;
            }

            if (++_rewriteStore == _stores.Length)
            {
                RecordCodec.WriteCompacted(_filling, _rewrittenBelow);
                _keptBytes += _filling.Length - begin;
                return true;
            }

            _rewriting = _stores[_rewriteStore].Rewrite(_rewrittenBelow, this);
        }

        _keptBytes += _filling.Length - begin;
        return false;
    }

    private void EndRewriting()
    {
        int[] old;
        lock (Gate)
        {
            _rewriting = null;
            old = [.. _segments.Where(segment => segment < _rewrittenBelow)];
            _segments.RemoveAll(segment => segment < _rewrittenBelow);
            _rewrittenBelow = 0;
        }

        foreach (var segment in old)
        {
            try
            {
                _files.Delete(NameOf(segment));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                JournalLog.NotDeleted(_logger, exception);
            }
        }
    }

    private bool TryWrite()
    {
        try
        {
            OpenSegment();
            var length = _unwritten.Length + _writing.Length;
            Append(_unwritten.Written);
            Append(_writing.Written);
            if (_options.Policy == JournalPolicy.Disk)
            {
                _file!.Flush();
            }

            Interlocked.Add(ref _length, length);
            _unwritten.Clear();
            if (_failing)
            {
                _failing = false;
                JournalLog.WritesAgain(_logger);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
            {
                JournalLog.WriteFailed(_logger, exception);
            }

            _unwritten.Write(_writing.Written);
            lock (Gate)
            {
                _failing = true;
                _failedAt = _time.GetTimestamp();
                if (_file is not null)
                {
                    LeaveSegment();
                }

                // What was being written once more begins again in the new segment.
                _rewriting = null;
            }

            return false;
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _file!.Append(bytes);
        }
    }

    // The current segment is over; what is known to be good of it counts. Under the lock.
    private void LeaveSegment()
    {
        _previous = Segment;
        _previousLength = _length;
        _file!.Dispose();
        _file = null;
        Segment++;
    }

    private void OpenSegment()
    {
        if (_file is not null)
        {
            return;
        }

        int segment;
        lock (Gate)
        {
            segment = Segment;
            _heading.Clear();
            RecordCodec.Write(_heading, new SegmentStart(Epoch, _files.MachineStart, _options.Policy, _previous, _previousLength, NextFence()));
        }

        var file = CreateFile(segment);
        lock (Gate)
        {
            _file = file;
            Interlocked.Exchange(ref _length, 0);
            _segments.Add(segment);
        }

        Append(_heading.Written);
        if (_options.Policy == JournalPolicy.Disk)
        {
            file.Flush();
        }

        Interlocked.Exchange(ref _length, _heading.Length);
    }

    private IJournalFile CreateFile(int segment)
    {
        var name = NameOf(segment);
        if (_files.List().Contains(name))
        {
            // Left by a start that failed before anything in it counted.
            _files.Delete(name);
        }

        return _files.Create(name, _options.Policy == JournalPolicy.Disk);
    }

    internal static string NameOf(int segment) => segment.ToString("D8", CultureInfo.InvariantCulture);
}
