namespace Peregrine.Execution.Memory;

/// <summary>The bytes of one reply or stream that wait to be taken by its reader. Thread-safe.</summary>
public sealed class StreamLease : IDisposable
{
    private readonly MemoryGovernor _owner;
    private readonly Action<StreamEnd> _end;
    private long _bytes;
    private long _waitingSince;
    private int _endedBy;
    private int _disposed;

    internal StreamLease(MemoryGovernor owner, ConnectionLease connection, string name, Action<StreamEnd> end)
    {
        _owner = owner;
        Connection = connection;
        Name = name;
        _end = end;
    }

    /// <summary>What it is, for messages.</summary>
    public string Name { get; }

    /// <summary>Bytes that wait.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Why it was ended, where it was: nothing more may be taken.</summary>
    public StreamEnd EndedBy => (StreamEnd)Volatile.Read(ref _endedBy);

    internal ConnectionLease Connection { get; }

    // 0 while nobody waits for the reader.
    internal long WaitingSince => Volatile.Read(ref _waitingSince);

    /// <summary>Counts bytes that will wait.</summary>
    /// <exception cref="ResourceExhaustedException">A limit is met; nothing was counted.</exception>
    public void Take(long bytes) => _owner.Take(this, bytes, bytes);

    /// <summary>Counts bytes that will wait: as many as wanted, or where the stream's own limit is near as many as it allows.</summary>
    /// <param name="wanted">How many are useful.</param>
    /// <param name="least">How many are needed.</param>
    /// <returns>How many were counted.</returns>
    /// <exception cref="ResourceExhaustedException">A limit is met; nothing was counted.</exception>
    public long Take(long wanted, long least) => _owner.Take(this, wanted, least);

    /// <summary>Bytes were taken by the reader, or dropped.</summary>
    public void Return(long bytes) => _owner.Return(this, bytes);

    /// <summary>From now on it is the reader's turn: it is watched whether it takes anything.</summary>
    public void BeginWaiting() => Volatile.Write(ref _waitingSince, Math.Max(1, _owner.Now));

    /// <summary>The reader has taken something.</summary>
    public void EndWaiting() => Volatile.Write(ref _waitingSince, 0);

    /// <summary>The reply or stream is over; what still waits is given back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _owner.Close(this);
        }
    }

    internal void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal long TakeAll() => Interlocked.Exchange(ref _bytes, 0);

    internal bool TryEnd(StreamEnd why)
    {
        if (Interlocked.CompareExchange(ref _endedBy, (int)why, 0) != 0)
        {
            return false;
        }

        _end(why);
        return true;
    }
}
