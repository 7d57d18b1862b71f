using System.Buffers;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Journal;

/// <summary>Events in a journal. An event can be read once it is written. Thread-safe.</summary>
internal sealed class JournalEventLog(TimeProvider time, IWorkScheduler scheduler, Lock gate) : IEventLog, ICompactable
{
    private readonly EventTable _table = new(time, scheduler, gate);
    private readonly SortedDictionary<(string Stream, long Number), EventEntry> _restored = [];
    private CommitLog _log = null!;

    public async ValueTask<long> AppendAsync(string stream, ReadOnlySequence<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        EventEntry entry;
        EventStream opened;
        Commitment commitment;
        lock (_log.Gate)
        {
            if (!_log.MayBegin())
            {
                throw new IOException("The journal cannot be written now.");
            }

            (opened, entry) = _table.Append(stream, value.ToArray(), timeToLive);
            entry.Segment = opened.Segment = _log.Segment;
            RecordCodec.Write(_log.Writer, opened, entry);
            commitment = _log.Commit();
        }

        var written = await _log.WriteAsync(commitment).ConfigureAwait(false);
        lock (_log.Gate)
        {
            // Batches are written in their order, and so events become visible in theirs; one that could not be written is kept, so its number is not free.
            _table.Forget(opened);
            Publish(opened, entry);
        }

        return written ? entry.Number : throw new IOException("The journal cannot be written now. The event is kept, and will be written when that is possible.");
    }

    public ValueTask<EventPage> ReadAsync(string stream, long after, int limit, CancellationToken cancellationToken)
    {
        lock (_log.Gate)
        {
            return new(_table.Read(stream, after, limit));
        }
    }

    public ValueTask WaitAsync(string stream, long after, CancellationToken cancellationToken) => _table.AwaitAsync(stream, after, cancellationToken);

    public void Restore(RecordKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == RecordKind.Event)
        {
            // What was written once more stands behind events that came later.
            var (name, entry) = RecordCodec.ReadEvent(payload);
            _restored[(name, entry.Number)] = entry;
        }
        else if (kind == RecordKind.Stream)
        {
            var (name, last) = RecordCodec.ReadStream(payload);
            var stream = _table.Open(name);
            stream.Last = Math.Max(stream.Last, last);
        }
    }

    public void EndRestoring()
    {
        foreach (var ((name, _), entry) in _restored)
        {
            EventTable.Publish(_table.Open(name), entry);
        }

        _restored.Clear();
        foreach (var stream in _table.Streams)
        {
            stream.Published = stream.Last;
        }
    }

    public IEnumerator<bool> Rewrite(int below, CommitLog log)
    {
        foreach (var stream in _table.Streams.ToArray())
        {
            _table.Forget(stream);
            foreach (var entry in stream.Events.Where(entry => entry.Segment < below).ToArray())
            {
                entry.Segment = log.Segment;
                RecordCodec.Write(log.Writer, stream, entry);
                yield return true;
            }

            if (stream.Segment < below)
            {
                stream.Segment = log.Segment;
                RecordCodec.Write(log.Writer, stream);
                yield return true;
            }
        }
    }

    internal void Attach(CommitLog log) => _log = log;

    // Continuations run as work of their own, so two of one batch may come here in either order.
    private static void Publish(EventStream stream, EventEntry entry)
    {
        stream.Early.Add(entry.Number, entry);
        while (stream.Early.Remove(stream.Published + 1, out var next))
        {
            EventTable.Publish(stream, next);
        }
    }
}
