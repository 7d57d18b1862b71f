namespace Peregrine.Observability.Metrics;

/// <summary>A number that many threads change and few read. Thread-safe; <see cref="Add"/> neither locks nor allocates.</summary>
public sealed class StripedCounter
{
    // 16 numbers of 8 bytes: two cache lines, for the processor fetches neighbouring lines in pairs.
    private const int Spacing = 16;

    private readonly long[] _cells = new long[(Stripes.Count + 1) * Spacing];

    /// <summary>The sum. While others write it is a value between that before and that after their changes.</summary>
    public long Value
    {
        get
        {
            long sum = 0;
            for (var i = 1; i <= Stripes.Count; i++)
            {
                sum += Volatile.Read(ref _cells[i * Spacing]);
            }

            return sum;
        }
    }

    /// <summary>Adds <paramref name="amount"/>, which may be negative.</summary>
    public void Add(long amount) => Interlocked.Add(ref _cells[(Stripes.Current + 1) * Spacing], amount);

    /// <summary>Adds one.</summary>
    public void Increment() => Add(1);

    /// <summary>Takes one away.</summary>
    public void Decrement() => Add(-1);
}
