using System.Buffers.Binary;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Duplex;

/// <summary>
/// The calls of one connection that are not answered yet: found by the bytes of their ids, those that wait for a worker in order of arrival, and the spare exchanges. All chained
/// through the exchanges themselves, so that nothing is allocated, and under one lock, which is taken once when a call comes and once when it ends. Thread-safe.
/// </summary>
internal sealed class InFlightCalls
{
    // Spare exchanges beyond this are left to the collector: the memory of a burst must not stay. With 512 calls in flight and room for 256, every
    // second call made an exchange anew, and a process grew by 70 MB until the collector looked; one holds about 1.5 KB.
    private const int MaxSpare = 1024;

    private static readonly ulong HashKey = DrawKey();

    private readonly Lock _gate = new();
    private readonly DuplexFront _front;
    private readonly int _limit;
    private DuplexExchange?[] _buckets = new DuplexExchange?[64];
    private DuplexExchange? _spare;
    private DuplexExchange? _readerSpare;
    private DuplexExchange? _firstWaiting;
    private DuplexExchange? _lastWaiting;
    private int _spareCount;
    private int _count;
    private int _waiting;
    private int _running;
    private bool _ending;
    private bool _closed;

    internal InFlightCalls(DuplexFront front, int limit)
    {
        _front = front;
        _limit = limit;
    }

    internal int Count => Volatile.Read(ref _count);

    /// <summary>Calls that no worker has begun.</summary>
    internal int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Calls that no worker has begun, or whose worker has not let go yet.</summary>
    internal int InHand => Volatile.Read(ref _waiting) + Volatile.Read(ref _running);

    /// <summary>An exchange that carries nothing. For the reader's thread only: it takes all spares at once, and so the lock rarely.</summary>
    internal DuplexExchange Rent()
    {
        if (_readerSpare is null)
        {
            lock (_gate)
            {
                _readerSpare = _spare;
                _spare = null;
                _spareCount = 0;
            }

            if (_readerSpare is null)
            {
                return new DuplexExchange(_front);
            }
        }

        var exchange = _readerSpare;
        _readerSpare = exchange.Next;
        exchange.Next = null;
        return exchange;
    }

    /// <summary>Takes an exchange back that never entered.</summary>
    internal void Return(DuplexExchange exchange)
    {
        exchange.Reset();
        lock (_gate)
        {
            Keep(exchange);
        }
    }

    /// <summary>Enters a loaded exchange under its id, and lets it wait for a worker.</summary>
    internal EnterResult TryEnter(DuplexExchange exchange)
    {
        var id = exchange.Id;
        var hash = Hash(id);
        lock (_gate)
        {
            if (_ending)
            {
                return EnterResult.Closing;
            }

            if (_count >= _limit)
            {
                return EnterResult.Full;
            }

            ref var head = ref _buckets[hash & (_buckets.Length - 1)];
            for (var other = head; other is not null; other = other.Next)
            {
                if (other.IdHash == hash && !other.IsAnswered && other.Id.SequenceEqual(id))
                {
                    return EnterResult.Duplicate;
                }
            }

            exchange.IdHash = hash;
            exchange.IsAnswered = false;
            exchange.Next = head;
            head = exchange;
            if (++_count > _buckets.Length)
            {
                Grow();
            }

            Queue(exchange);
            return EnterResult.Entered;
        }
    }

    /// <summary>From now on no call enters.</summary>
    internal void EndEntering()
    {
        lock (_gate)
        {
            _ending = true;
        }
    }

    /// <summary>The call that has waited longest, or null. It counts as running until it leaves or is suspended.</summary>
    internal DuplexExchange? Take()
    {
        lock (_gate)
        {
            return TakeLocked();
        }
    }

    /// <summary>Removes a running call that is answered, keeps it as a spare, and takes the next where that is wanted.</summary>
    internal DuplexExchange? LeaveAndTake(DuplexExchange exchange, bool takeNext)
    {
        lock (_gate)
        {
            LeaveLocked(exchange);
            _running--;
            return takeNext ? TakeLocked() : null;
        }
    }

    /// <summary>Notes that a running call has let its worker go, and takes the next where that is wanted.</summary>
    internal DuplexExchange? SuspendAndTake(bool takeNext)
    {
        lock (_gate)
        {
            _running--;
            return takeNext ? TakeLocked() : null;
        }
    }

    /// <summary>Removes a suspended call that is answered, and keeps it as a spare.</summary>
    internal void Leave(DuplexExchange exchange)
    {
        lock (_gate)
        {
            LeaveLocked(exchange);
        }
    }

    /// <summary>Finds the call with the raw <paramref name="id"/> and marks it cancelled, so that its reply is dropped.</summary>
    /// <returns>The work that fires its token; null where the call is not in flight.</returns>
    internal CancelWork? Cancel(ReadOnlySpan<byte> id)
    {
        var hash = Hash(id);
        lock (_gate)
        {
            for (var call = _buckets[hash & (_buckets.Length - 1)]; call is not null; call = call.Next)
            {
                if (call.IdHash == hash && !call.IsAnswered && call.Id.SequenceEqual(id))
                {
                    call.MarkCancelled();
                    return new CancelWork(call);
                }
            }
        }

        return null;
    }

    /// <summary>All calls in flight, as work that cancels them.</summary>
    internal List<CancelWork> CancelAll()
    {
        List<CancelWork> work = [];
        lock (_gate)
        {
            foreach (var head in _buckets)
            {
                for (var call = head; call is not null; call = call.Next)
                {
                    call.MarkCancelled();
                    work.Add(new CancelWork(call));
                }
            }
        }

        return work;
    }

    /// <summary>Gives back the memory of the spare exchanges, and from now on that of each call that ends.</summary>
    /// <param name="readerHasEnded">True where <see cref="Rent"/> is not called any more.</param>
    internal void Close(bool readerHasEnded)
    {
        DuplexExchange? spare;
        lock (_gate)
        {
            _closed = true;
            spare = _spare;
            _spare = null;
            _spareCount = 0;
        }

        Dispose(spare);
        if (readerHasEnded)
        {
            Dispose(_readerSpare);
            _readerSpare = null;
        }
    }

    private static void Dispose(DuplexExchange? first)
    {
        while (first is not null)
        {
            var next = first.Next;
            first.Dispose();
            first = next;
        }
    }

    private void Queue(DuplexExchange exchange)
    {
        if (_lastWaiting is { } last)
        {
            last.NextWaiting = exchange;
        }
        else
        {
            _firstWaiting = exchange;
        }

        _lastWaiting = exchange;
        _waiting++;
    }

    private DuplexExchange? TakeLocked()
    {
        if (_firstWaiting is not { } exchange)
        {
            return null;
        }

        _firstWaiting = exchange.NextWaiting;
        exchange.NextWaiting = null;
        if (_firstWaiting is null)
        {
            _lastWaiting = null;
        }

        _waiting--;
        _running++;
        return exchange;
    }

    private void LeaveLocked(DuplexExchange exchange)
    {
        ref var link = ref _buckets[exchange.IdHash & (_buckets.Length - 1)];
        while (link != exchange)
        {
            link = ref link!.Next;
        }

        link = exchange.Next;
        exchange.Next = null;
        _count--;

        // Under the lock, for others compare ids of what is in the table; it is a few writes.
        exchange.Reset();
        Keep(exchange);
    }

    private void Keep(DuplexExchange exchange)
    {
        if (_closed || _spareCount >= MaxSpare)
        {
            exchange.Dispose();
        }
        else
        {
            exchange.Next = _spare;
            _spare = exchange;
            _spareCount++;
        }
    }

    private void Grow()
    {
        var grown = new DuplexExchange?[_buckets.Length * 4];
        foreach (var head in _buckets)
        {
            for (var call = head; call is not null;)
            {
                var next = call.Next;
                ref var slot = ref grown[call.IdHash & (grown.Length - 1)];
                call.Next = slot;
                slot = call;
                call = next;
            }
        }

        _buckets = grown;
    }

    // Ids come from the peer, which could aim at collisions. HashCode would take five times as long for an id.
    private static int Hash(ReadOnlySpan<byte> id) => (int)(KeyedHash.Of(id, HashKey) >> 32);

    private static ulong DrawKey()
    {
        Span<byte> drawn = stackalloc byte[16];
        _ = Guid.NewGuid().TryWriteBytes(drawn);
        return (BinaryPrimitives.ReadUInt64LittleEndian(drawn) ^ BinaryPrimitives.ReadUInt64LittleEndian(drawn[8..])) | 1;
    }
}
