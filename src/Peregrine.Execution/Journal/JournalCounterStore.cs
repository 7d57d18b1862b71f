using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;

namespace Peregrine.Execution.Journal;

/// <summary>
/// Buckets in a journal. Nobody waits for the disk to take a token: after a crash the last tokens taken may be back. Thread-safe.
/// </summary>
internal sealed class JournalCounterStore(TimeProvider time) : ICounterStore, ICompactable
{
    private readonly CounterTable _table = new(time);
    private CommitLog _log = null!;

    public ValueTask<CounterAnswer> TakeAsync(string name, double amount, CounterLimit limit, CancellationToken cancellationToken)
    {
        lock (_log.Gate)
        {
            var answer = _table.Take(name, amount, limit, out var bucket);
            if (answer.IsTaken && amount > 0 && !_log.IsFailing)
            {
                bucket.Segment = _log.Segment;
                RecordCodec.Write(_log.Writer, bucket);
                _log.CommitLater();
            }

            return new(answer);
        }
    }

    public void Restore(RecordKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == RecordKind.Counter)
        {
            _table.Restore(RecordCodec.ReadCounter(payload));
        }
    }

    public void EndRestoring()
    {
    }

    public IEnumerator<bool> Rewrite(int below, CommitLog log)
    {
        foreach (var bucket in _table.Entries.Where(bucket => bucket.Segment < below).ToArray())
        {
            bucket.Segment = log.Segment;
            RecordCodec.Write(log.Writer, bucket);
            yield return true;
        }
    }

    internal void Attach(CommitLog log) => _log = log;
}
