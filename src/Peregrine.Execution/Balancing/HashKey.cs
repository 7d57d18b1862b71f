using Peregrine.Execution.Resilience;

namespace Peregrine.Execution.Balancing;

/// <summary>Hashes keys for consistent hashing: the same in every process and on every machine. No defence against keys made to collide.</summary>
internal static class HashKey
{
    private const ulong Offset = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    /// <summary>FNV-1a, its bits spread.</summary>
    internal static ulong Of(ReadOnlySpan<byte> key, ulong seed = 0)
    {
        var hash = Offset ^ seed;
        foreach (var value in key)
        {
            hash = unchecked((hash ^ value) * Prime);
        }

        return SeededRandom.Mix(hash);
    }
}
