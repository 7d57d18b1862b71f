namespace Peregrine.Server.Duplex;

/// <summary>
/// The calls of one connection that are not answered yet, found by the bytes of their ids, and the spare exchanges. Chained through the exchanges themselves, so
/// that entering and leaving allocates nothing. Thread-safe.
/// </summary>
internal sealed class InFlightCalls
{
    // Spare exchanges beyond this are left to the collector: a burst's memory must not stay.
    private const int MaxSpare = 256;

    private readonly Lock _gate = new();
    private readonly DuplexFront _front;
    private readonly int _limit;
    private DuplexExchange?[] _buckets = new DuplexExchange?[64];
    private DuplexExchange? _spare;
    private int _spareCount;
    private int _count;

    internal InFlightCalls(DuplexFront front, int limit)
    {
        _front = front;
        _limit = limit;
    }

    internal int Count => Volatile.Read(ref _count);

    /// <summary>An exchange that carries nothing.</summary>
    internal DuplexExchange Rent()
    {
        lock (_gate)
        {
            if (_spare is { } exchange)
            {
                _spare = exchange.Next;
                _spareCount--;
                exchange.Next = null;
                return exchange;
            }
        }

        return new DuplexExchange(_front);
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

    /// <summary>Enters a loaded exchange under its id.</summary>
    internal EnterResult TryEnter(DuplexExchange exchange)
    {
        var id = exchange.Id;
        var hash = Hash(id);
        lock (_gate)
        {
            if (_count >= _limit)
            {
                return EnterResult.Full;
            }

            ref var head = ref _buckets[hash & (_buckets.Length - 1)];
            for (var other = head; other is not null; other = other.Next)
            {
                if (other.IdHash == hash && other.Id.SequenceEqual(id))
                {
                    return EnterResult.Duplicate;
                }
            }

            exchange.IdHash = hash;
            exchange.Next = head;
            head = exchange;
            if (++_count > _buckets.Length)
            {
                Grow();
            }

            return EnterResult.Entered;
        }
    }

    /// <summary>Removes an exchange that is answered, and keeps it as a spare.</summary>
    internal void Leave(DuplexExchange exchange)
    {
        var hash = exchange.IdHash;
        lock (_gate)
        {
            ref var link = ref _buckets[hash & (_buckets.Length - 1)];
            while (link != exchange)
            {
                link = ref link!.Next;
            }

            link = exchange.Next;
            exchange.Next = null;
            _count--;
        }

        // Outside the lock: resetting may run a cancellation source's clean-up.
        exchange.Reset();
        lock (_gate)
        {
            Keep(exchange);
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
                if (call.IdHash == hash && call.Id.SequenceEqual(id))
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

    private void Keep(DuplexExchange exchange)
    {
        if (_spareCount < MaxSpare)
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

    // Ids come from the peer, which could aim at collisions; the hash of .NET is seeded by process.
    private static int Hash(ReadOnlySpan<byte> id)
    {
        HashCode hash = default;
        hash.AddBytes(id);
        return hash.ToHashCode();
    }
}
