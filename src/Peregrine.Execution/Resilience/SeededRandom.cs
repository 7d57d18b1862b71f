namespace Peregrine.Execution.Resilience;

/// <summary>Random numbers that a seed repeats (SplitMix64). Thread-safe, without a lock.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private long _state = unchecked((long)seed);

    /// <summary>A source whose seed nobody chose.</summary>
    internal static SeededRandom Create()
    {
        Span<byte> seed = stackalloc byte[8];
        System.Security.Cryptography.RandomNumberGenerator.Fill(seed);
        return new SeededRandom(BitConverter.ToUInt64(seed));
    }

    internal ulong Next() => Mix(unchecked((ulong)Interlocked.Add(ref _state, unchecked((long)0x9E3779B97F4A7C15))));

    /// <summary>From 0, included, to 1, excluded.</summary>
    internal double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0, included, to <paramref name="end"/>, excluded.</summary>
    internal int Next(int end) => (int)(((Next() >> 32) * (ulong)(uint)end) >> 32);

    /// <summary>Spreads the bits of a number over all of it; different numbers stay different.</summary>
    internal static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
