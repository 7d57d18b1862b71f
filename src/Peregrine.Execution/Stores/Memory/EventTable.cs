using Peregrine.Execution.Ledger;
using Peregrine.Observability.Scheduling;

namespace Peregrine.Execution.Stores.Memory;

/// <summary>Events by stream. Not thread-safe: all members but <see cref="AwaitAsync"/> are called under one lock.</summary>
internal sealed class EventTable(TimeProvider time, IWorkScheduler scheduler, Lock gate)
{
    private readonly Dictionary<string, EventStream> _streams = new(StringComparer.Ordinal);

    internal IEnumerable<EventStream> Streams => _streams.Values;

    /// <summary>Numbers an event. It is not to be read before <see cref="Publish"/>.</summary>
    internal (EventStream Stream, EventEntry Event) Append(string name, byte[] value, TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
        var stream = Open(name);
        return (stream, new EventEntry(++stream.Last, value, Now + RecordTable.Milliseconds(timeToLive)));
    }

    /// <summary>Lets an event be read, and wakes who waits for it.</summary>
    internal static void Publish(EventStream stream, EventEntry entry)
    {
        stream.Events.Enqueue(entry);
        stream.Last = Math.Max(stream.Last, entry.Number);
        stream.Published = entry.Number;
        for (var i = stream.Waiters.Count - 1; i >= 0; i--)
        {
            if (stream.Waiters[i].After < entry.Number)
            {
                stream.Waiters[i].Completion.TryComplete(true);
                stream.Waiters.RemoveAt(i);
            }
        }
    }

    internal EventPage Read(string name, long after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        StoreNames.Judge(name);
        List<StoredEvent> events = [];
        if (!_streams.TryGetValue(name, out var stream))
        {
            return new EventPage(events, IsGap: false);
        }

        Forget(stream);
        foreach (var entry in stream.Events)
        {
            if (entry.Number > after && events.Count < limit)
            {
                events.Add(new StoredEvent(entry.Number, entry.Value));
            }
        }

        var oldest = stream.Events.TryPeek(out var first) ? first.Number : stream.Published + 1;
        return new EventPage(events, IsGap: after + 1 < oldest && after < stream.Published);
    }

    internal EventStream Open(string name)
    {
        StoreNames.Judge(name);
        if (!_streams.TryGetValue(name, out var stream))
        {
            _streams.Add(name, stream = new EventStream(name));
        }

        return stream;
    }

    /// <summary>Waits for an event. Takes the lock by itself.</summary>
    internal async ValueTask AwaitAsync(string name, long after, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var completion = new ScheduledCompletion<bool>(scheduler);
        lock (gate)
        {
            var stream = Open(name);
            if (stream.Published > after)
            {
                return;
            }

            stream.Waiters.Add((after, completion));
        }

        using var registration = cancellationToken.UnsafeRegister(_ =>
        {
            lock (gate)
            {
                Open(name).Waiters.RemoveAll(waiter => ReferenceEquals(waiter.Completion, completion));
            }

            completion.TryComplete(false);
        }, null);
        if (!await completion.Task.ConfigureAwait(false))
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    internal void Forget(EventStream stream)
    {
        // In their order: one that is kept longer keeps those behind it.
        var now = Now;
        while (stream.Events.TryPeek(out var entry) && entry.Expires <= now)
        {
            stream.Events.Dequeue();
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
