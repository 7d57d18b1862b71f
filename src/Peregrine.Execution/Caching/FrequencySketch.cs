using System.Numerics;

namespace Peregrine.Execution.Caching;

/// <summary>
/// How often things were asked for lately, by their hash, in four bits each and about: a count-min sketch whose numbers are halved from time to time, so that old fame fades. Not thread-safe.
/// </summary>
/// <remarks>As in Einziger, Friedman, Manes: TinyLFU, a highly efficient cache admission policy (2017).</remarks>
internal sealed class FrequencySketch
{
    private const int Rows = 4;
    private const ulong HalfMask = 0x7777_7777_7777_7777;
    private const int MostCount = 15;

    // So many askings for each thing that has room, then all numbers are halved.
    private const int SamplesPerEntry = 10;

    private ulong[] _words = [];
    private int _mask;
    private int _additions;
    private int _sampleSize;

    internal FrequencySketch() => Grow(256);

    /// <summary>Makes room for so many things. Forgets what it knows where it has to grow.</summary>
    internal void EnsureCapacity(int entries)
    {
        if (entries > _words.Length)
        {
            Grow((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)entries * 2), 1u << 26));
        }
    }

    /// <summary>How often, 0 to 15.</summary>
    internal int Frequency(int hash)
    {
        var spread = Spread(hash);
        var least = MostCount;
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = Place(spread, row);
            least = Math.Min(least, (int)(_words[word] >> shift) & MostCount);
        }

        return least;
    }

    /// <summary>Takes note that something was asked for.</summary>
    internal void Increment(int hash)
    {
        var spread = Spread(hash);
        var added = false;
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = Place(spread, row);
            if (((_words[word] >> shift) & MostCount) < MostCount)
            {
                _words[word] += 1UL << shift;
                added = true;
            }
        }

        if (added && ++_additions >= _sampleSize)
        {
            Age();
        }
    }

    private void Grow(int words)
    {
        _words = new ulong[words];
        _mask = words - 1;
        _sampleSize = words * SamplesPerEntry;
        _additions = 0;
    }

    private void Age()
    {
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] = (_words[i] >> 1) & HalfMask;
        }

        _additions /= 2;
    }

    // Each row has four of a word's sixteen numbers.
    private (int Word, int Shift) Place(ulong spread, int row)
    {
        var hash = spread * Seeds[row];
        hash ^= hash >> 32;
        return ((int)hash & _mask, ((row * 4) + (int)((hash >> 28) & 3)) * 4);
    }

    private static ReadOnlySpan<ulong> Seeds => [0xc3a5c85c97cb3127, 0xb492b66fbe98f273, 0x9ae16a3b2f90404f, 0xcbf29ce484222325];

    private static ulong Spread(int hash)
    {
        var x = (ulong)(uint)hash * 0x9E3779B97F4A7C15;
        return x ^ (x >> 29);
    }
}
