namespace Peregrine.Execution.Resilience;

/// <summary>A bucket of retries: each first attempt puts a part of one in, time puts some in, each retry takes one out. Thread-safe, without a lock.</summary>
internal sealed class RetryBudget
{
    // Thousandths of a retry: whole numbers, so that adding and taking are exact.
    private const long Unit = 1000;

    private readonly TimeProvider _time;
    private readonly long _capacity;
    private readonly long _deposit;
    private readonly double _perTick;
    private long _balance;
    private long _filled;

    /// <param name="options">How much; valid.</param>
    /// <param name="time">The clock.</param>
    internal RetryBudget(RetryBudgetOptions options, TimeProvider time)
    {
        _time = time;
        _capacity = options.Capacity * Unit;
        _deposit = (long)Math.Round(options.Ratio * Unit);
        _perTick = options.MinPerSecond * Unit / time.TimestampFrequency;
        _balance = _capacity;
        _filled = time.GetTimestamp();
    }

    /// <summary>How many retries are left.</summary>
    internal double Available => Volatile.Read(ref _balance) / (double)Unit;

    /// <summary>Counts a first attempt.</summary>
    internal void Deposit()
    {
        // A full bucket is the rule, and then this only reads: many processors may do so without hindering each other.
        if (Volatile.Read(ref _balance) < _capacity)
        {
            Add(_deposit);
        }
    }

    /// <summary>Takes a retry out, if there is one.</summary>
    internal bool TryWithdraw()
    {
        Fill();
        var balance = Volatile.Read(ref _balance);
        while (balance >= Unit)
        {
            var seen = Interlocked.CompareExchange(ref _balance, balance - Unit, balance);
            if (seen == balance)
            {
                return true;
            }

            balance = seen;
        }

        return false;
    }

    private void Fill()
    {
        var now = _time.GetTimestamp();
        var filled = Volatile.Read(ref _filled);
        var grown = (long)Math.Min((now - filled) * _perTick, _capacity);

        // Less than a thousandth is left for the next time, or it would be lost for ever.
        if (grown > 0 && Interlocked.CompareExchange(ref _filled, now, filled) == filled)
        {
            Add(grown);
        }
    }

    private void Add(long amount)
    {
        var balance = Volatile.Read(ref _balance);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _balance, Math.Min(balance + amount, _capacity), balance);
            if (seen == balance)
            {
                return;
            }

            balance = seen;
        }
    }
}
