namespace Peregrine.Protocol.Text;

/// <summary>Tells whether somebody who wrote one name may have meant another. Allocates nothing; no state.</summary>
/// <remarks>Compiled into Peregrine.JsonSchema, Peregrine.Gateway and Peregrine.Cli as well.</remarks>
internal static class NearNames
{
    /// <summary>What <see cref="Slips"/> and <see cref="Distance"/> say of names that have nothing to do with each other.</summary>
    internal const int Far = int.MaxValue;

    /// <summary>Longer names, in UTF-16 units, are not compared: what it costs is bounded.</summary>
    internal const int LongestName = 64;

    private const int MostEdits = 3;

    /// <summary>How many slips make <paramref name="written"/> of <paramref name="meant"/>: 0 where only the case of letters differs; <see cref="Far"/> where there would be more than somebody makes in so short a name.</summary>
    internal static int Slips(ReadOnlySpan<char> written, ReadOnlySpan<char> meant)
    {
        var distance = Distance(written, meant);
        var most = meant.Length < 2 ? 0 : meant.Length < 4 ? 1 : 2;
        return distance <= most ? distance : Far;
    }

    /// <summary>
    /// Letters to insert, leave out or replace, and neighbours to swap, until one name is the other, whatever their case (optimal string alignment). <see cref="Far"/> for more than
    /// three, and for names over <see cref="LongestName"/>.
    /// </summary>
    internal static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length > LongestName || b.Length > LongestName || Math.Abs(a.Length - b.Length) > MostEdits)
        {
            return Far;
        }

        // A row for each letter of a. Only what lies near the diagonal can end below the bound; everything else stays beyond it.
        Span<int> rows = stackalloc int[3 * (LongestName + 1)];
        rows.Fill(MostEdits + 1);
        var last = rows[..(LongestName + 1)];
        var row = rows.Slice(LongestName + 1, LongestName + 1);
        var next = rows[(2 * (LongestName + 1))..];
        for (var i = 0; i <= a.Length; i++)
        {
            next.Fill(MostEdits + 1);
            for (var j = Math.Max(0, i - MostEdits); j <= Math.Min(b.Length, i + MostEdits); j++)
            {
                next[j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(row[j], next[j - 1]) + 1, row[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    next[j] = Math.Min(next[j], last[j - 2] + 1);
                }
            }

            var free = last;
            last = row;
            row = next;
            next = free;
        }

        return row[b.Length] <= MostEdits ? row[b.Length] : Far;
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
