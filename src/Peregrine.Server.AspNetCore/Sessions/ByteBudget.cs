namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>How many bytes something may hold in all. Thread-safe.</summary>
internal sealed class ByteBudget(long max)
{
    private long _taken;

    internal long Taken => Volatile.Read(ref _taken);

    internal bool TryTake(int count)
    {
        if (Interlocked.Add(ref _taken, count) <= max)
        {
            return true;
        }

        Interlocked.Add(ref _taken, -count);
        return false;
    }

    /// <summary>Takes what must be held whatever the bound: the answer to a call that has run.</summary>
    internal void TakeAnyway(int count) => Interlocked.Add(ref _taken, count);

    internal void Return(int count) => Interlocked.Add(ref _taken, -count);
}
