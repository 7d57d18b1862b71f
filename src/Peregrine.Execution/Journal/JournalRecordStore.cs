using System.Buffers;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;

namespace Peregrine.Execution.Journal;

/// <summary>Records in a journal. A write is seen by others at once, and counts for who wrote it once it is written. Thread-safe.</summary>
internal sealed class JournalRecordStore(TimeProvider time) : IRecordStore, ICompactable
{
    private readonly RecordTable _table = new(time);
    private CommitLog _log = null!;

    public ValueTask<StoredRecord?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        lock (_log.Gate)
        {
            return new(_table.Find(name) is { } entry ? new StoredRecord(entry.Version, entry.Value) : null);
        }
    }

    public async ValueTask<long> WriteAsync(string name, long expectedVersion, ReadOnlySequence<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        RecordEntry? entry;
        Commitment commitment;
        lock (_log.Gate)
        {
            ThrowIfFailing();
            entry = _table.Write(name, expectedVersion, value.ToArray(), timeToLive);
            if (entry is null)
            {
                return 0;
            }

            commitment = Write(entry);
        }

        await AwaitAsync(commitment).ConfigureAwait(false);
        return entry.Version;
    }

    public async ValueTask<bool> DeleteAsync(string name, long expectedVersion, CancellationToken cancellationToken)
    {
        Commitment commitment;
        lock (_log.Gate)
        {
            ThrowIfFailing();
            if (_table.Delete(name, expectedVersion) is not { } entry)
            {
                return false;
            }

            commitment = Write(entry);
        }

        await AwaitAsync(commitment).ConfigureAwait(false);
        return true;
    }

    public void Restore(RecordKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == RecordKind.Record)
        {
            _table.Put(RecordCodec.ReadRecord(payload));
        }
    }

    public void EndRestoring()
    {
    }

    public IEnumerator<bool> Rewrite(int below, CommitLog log)
    {
        foreach (var entry in _table.Entries.Where(entry => entry.Segment < below).ToArray())
        {
            if (ReferenceEquals(_table.Find(entry.Name), entry))
            {
                entry.Segment = log.Segment;
                RecordCodec.Write(log.Writer, entry);
                yield return true;
            }
        }
    }

    internal void Attach(CommitLog log) => _log = log;

    private Commitment Write(RecordEntry entry)
    {
        entry.Segment = _log.Segment;
        RecordCodec.Write(_log.Writer, entry);
        return _log.Commit();
    }

    private void ThrowIfFailing()
    {
        if (!_log.MayBegin())
        {
            throw new IOException("The journal cannot be written now.");
        }
    }

    // What was changed stays changed: it is kept, and written when it can be.
    private async ValueTask AwaitAsync(Commitment commitment)
    {
        if (!await _log.WriteAsync(commitment).ConfigureAwait(false))
        {
            throw new IOException("The journal cannot be written now. The change is kept, and will be written when that is possible.");
        }
    }
}
