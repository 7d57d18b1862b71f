using System.Buffers.Binary;

namespace Peregrine.Load.Histograms;

/// <summary>
/// The compact form of a histogram: a version byte, then shortest, longest (varints) and sum (8 bytes, little-endian double), then for each bucket that is not empty how many
/// were skipped since the last one and its count, as varints; all in Base64.
/// </summary>
internal static class HistogramCoding
{
    private const byte Version = 1;

    internal static string Write(Histogram histogram)
    {
        var bytes = new List<byte> { Version };
        AddVarint(bytes, histogram.Min);
        AddVarint(bytes, histogram.Max);
        Span<byte> sum = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(sum, histogram.Sum);
        bytes.AddRange(sum);
        var counts = histogram.Counts;
        var skipped = 0;
        foreach (var count in counts)
        {
            if (count == 0)
            {
                skipped++;
                continue;
            }

            AddVarint(bytes, skipped);
            AddVarint(bytes, count);
            skipped = 0;
        }

        return Convert.ToBase64String([.. bytes]);
    }

    internal static Histogram Read(string compact)
    {
        var rest = Convert.FromBase64String(compact).AsSpan();
        if (rest.IsEmpty || rest[0] != Version)
        {
            throw new FormatException($"No histogram of version {Version}.");
        }

        rest = rest[1..];
        var min = TakeVarint(ref rest);
        var max = TakeVarint(ref rest);
        if (rest.Length < sizeof(double))
        {
            throw CutShort();
        }

        var sum = BinaryPrimitives.ReadDoubleLittleEndian(rest);
        rest = rest[sizeof(double)..];
        var histogram = new Histogram();
        var (first, last) = (-1, -1);
        while (!rest.IsEmpty)
        {
            var index = last + 1 + TakeVarint(ref rest);
            var count = TakeVarint(ref rest);
            if (index is < 0 or >= Histogram.BucketCount || count <= 0 || count > long.MaxValue - histogram.Count)
            {
                throw new FormatException("The histogram names a bucket that does not exist, or an empty one.");
            }

            last = (int)index;
            first = first < 0 ? last : first;
            histogram.Restore(last, count);
        }

        Restore(histogram, min, max, sum, first, last);
        return histogram;
    }

    private static void Restore(Histogram histogram, long min, long max, double sum, int first, int last)
    {
        if (histogram.Count == 0)
        {
            return;
        }

        if (min < 0 || max > Histogram.MaxValue || Histogram.IndexOf(min) != first || Histogram.IndexOf(max) != last || !double.IsFinite(sum) || sum < 0)
        {
            throw new FormatException("The histogram's shortest, longest or sum do not fit its buckets.");
        }

        histogram.RestoreExtremes(min, max, sum);
    }

    private static void AddVarint(List<byte> bytes, long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            bytes.Add((byte)(rest | 0x80));
            rest >>= 7;
        }

        bytes.Add((byte)rest);
    }

    private static long TakeVarint(ref Span<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length && i < 9; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return (long)value;
            }
        }

        throw CutShort();
    }

    private static FormatException CutShort() => new("The histogram is cut short.");
}
