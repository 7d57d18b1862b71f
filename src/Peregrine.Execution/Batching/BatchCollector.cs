using Peregrine.Observability.Metrics;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Batching;

/// <summary>
/// Gathers items that come at about the same time into batches, which run side by side. An item that comes alone, while nothing runs and lately nothing else came, does not wait; the more come, the
/// fuller the batches. Thread-safe.
/// </summary>
/// <typeparam name="T">The items.</typeparam>
public sealed class BatchCollector<T>
{
    private readonly Lock _gate = new();
    private readonly BatchLimits _limits;
    private readonly TimeProvider _time;
    private readonly IWorkScheduler _work;
    private readonly Func<IReadOnlyList<T>, CancellationToken, ValueTask> _run;
    private readonly Dictionary<object, Batch> _open = [];
    private readonly StripedCounter _batches = new();
    private readonly StripedCounter _items = new();
    private int _running;
    private double _meanSize = 1;

    /// <summary>Makes a collector.</summary>
    /// <param name="limits">How items are gathered.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="work">Where batches run.</param>
    /// <param name="run">Runs a batch; its token fires when nobody waits for any of its items.</param>
    public BatchCollector(BatchLimits limits, TimeProvider time, IWorkScheduler work, Func<IReadOnlyList<T>, CancellationToken, ValueTask> run)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Max, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Wait, TimeSpan.Zero);
        _limits = limits;
        _time = time;
        _work = work;
        _run = run;
    }

    /// <summary>Batches that have begun, ever.</summary>
    public long Batches => _batches.Value;

    /// <summary>Items in them.</summary>
    public long Items => _items.Value;

    /// <summary>Batches that run.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Gives an item to a batch.</summary>
    /// <param name="partition">Items of unequal partitions never share a batch.</param>
    /// <param name="item">The item; in the batch's hands until the task ends.</param>
    /// <param name="gone">Fires when nobody waits for this item; the task still ends with its batch.</param>
    /// <returns>Ends when the batch has, failing as it did.</returns>
    public Task AddAsync(object partition, T item, CancellationToken gone = default)
    {
        ArgumentNullException.ThrowIfNull(partition);
        Batch batch;
        bool isReady;
        lock (_gate)
        {
            if (!_open.TryGetValue(partition, out batch!))
            {
                batch = new Batch(this, partition);
                _open.Add(partition, batch);

                // Alone, as far as can be known: waiting would gain nothing. What comes before a worker takes the batch up still joins.
                if (_limits.Wait == TimeSpan.Zero || (_running == 0 && _meanSize < 1.25))
                {
                    _work.Schedule(batch);
                }
                else
                {
                    batch.StartTimer(_time, _limits.Wait);
                }
            }

            batch.Add(item, gone);
            isReady = batch.Count >= _limits.Max && Close(batch);
        }

        if (isReady)
        {
            _work.Schedule(batch);
        }

        return batch.Completion;
    }

    // Under the lock. False where it was closed before.
    private bool Close(Batch batch)
    {
        if (batch.IsClosed)
        {
            return false;
        }

        batch.IsClosed = true;
        _open.Remove(batch.Partition);
        _running++;
        _meanSize += (batch.Count - _meanSize) / 8;
        return true;
    }

    private bool TryBegin(Batch batch)
    {
        lock (_gate)
        {
            if (!batch.IsClosed)
            {
                Close(batch);
            }
            else if (batch.HasBegun)
            {
                return false;
            }

            batch.HasBegun = true;
        }

        _batches.Increment();
        _items.Add(batch.Count);
        return true;
    }

    private void End()
    {
        lock (_gate)
        {
            _running--;
        }
    }

    private sealed class Batch(BatchCollector<T> owner, object partition) : IThreadPoolWorkItem, IDisposable
    {
        private readonly List<T> _items = [];
        private readonly List<CancellationTokenRegistration> _registrations = [];
        private readonly CancellationTokenSource _allGone = new();

        // The code of those who wait must not run one after the other on the batch's thread.
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ITimer? _timer;
        private int _present;

        internal object Partition => partition;

        internal int Count => _items.Count;

        internal bool IsClosed { get; set; }

        internal bool HasBegun { get; set; }

        internal Task Completion => _completion.Task;

        internal void StartTimer(TimeProvider time, TimeSpan wait) =>
            _timer = time.CreateTimer(static batch => ((Batch)batch!).Execute(), this, wait, Timeout.InfiniteTimeSpan);

        internal void Add(T item, CancellationToken gone)
        {
            _items.Add(item);
            Interlocked.Increment(ref _present);
            if (gone.CanBeCanceled)
            {
                _registrations.Add(gone.UnsafeRegister(static batch => ((Batch)batch!).NoteGone(), this));
            }
        }

        public void Execute()
        {
            if (owner.TryBegin(this))
            {
                _ = RunAsync();
            }
        }

        public void Dispose()
        {
            _timer?.Dispose();
            _allGone.Dispose();
        }

        private void NoteGone()
        {
            if (Interlocked.Decrement(ref _present) == 0 && HasBegun)
            {
                _allGone.Cancel();
            }
        }

        private async Task RunAsync()
        {
            try
            {
                if (Volatile.Read(ref _present) == 0)
                {
                    await _allGone.CancelAsync().ConfigureAwait(false);
                }

                await owner._run(_items, _allGone.Token).ConfigureAwait(false);
                Finish();
                _completion.SetResult();
            }
            catch (Exception exception)
            {
                Finish();
                _completion.SetException(exception);
            }
        }

        private void Finish()
        {
            foreach (var registration in _registrations)
            {
                // Waits for one that is being run.
                registration.Dispose();
            }

            Dispose();
            owner.End();
        }
    }
}
