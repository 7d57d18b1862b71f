using System.Globalization;
using System.Text;

namespace Peregrine.JsonSchema.Patterns;

/// <summary>A set of code points, and how .NET's engine, which knows only UTF-16 units, matches one of them.</summary>
internal sealed class CodePointSet
{
    private const int Last = 0x10FFFF;
    private List<(int First, int Last)> _ranges = [];

    /// <summary>Adds a range, both ends included.</summary>
    public CodePointSet Add(int first, int last)
    {
        _ranges.Add((first, last));
        return this;
    }

    /// <summary>Adds a code point.</summary>
    public CodePointSet Add(int codePoint) => Add(codePoint, codePoint);

    /// <summary>Adds another set.</summary>
    public CodePointSet Add(CodePointSet other)
    {
        _ranges.AddRange(other._ranges);
        return this;
    }

    /// <summary>Everything that is not in the set.</summary>
    public CodePointSet Complement()
    {
        var result = new CodePointSet();
        var next = 0;
        foreach (var (first, last) in Normalized())
        {
            if (first > next)
            {
                result.Add(next, first - 1);
            }

            next = last + 1;
        }

        return next <= Last ? result.Add(next, Last) : result;
    }

    /// <summary>Appends an expression for one code point of the set. Surrogates match only in pairs.</summary>
    public void Append(StringBuilder pattern)
    {
        var units = new StringBuilder();
        List<string> pairs = [];
        foreach (var (first, last) in Normalized())
        {
            AppendUnits(units, first, Math.Min(last, 0xD7FF));
            AppendUnits(units, Math.Max(first, 0xE000), Math.Min(last, 0xFFFF));
            AppendPairs(pairs, Math.Max(first, 0x10000), last);
        }

        if (units.Length == 0 && pairs.Count == 0)
        {
            // Matches nothing.
            pattern.Append("[^\\s\\S]");
            return;
        }

        if (pairs.Count == 0)
        {
            pattern.Append('[').Append(units).Append(']');
            return;
        }

        pattern.Append("(?:").Append(units.Length == 0 ? "" : $"[{units}]|").AppendJoin('|', pairs).Append(')');
    }

    private List<(int First, int Last)> Normalized()
    {
        List<(int First, int Last)> merged = [];
        foreach (var range in _ranges.OrderBy(static r => r.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return _ranges = merged;
    }

    private static void AppendUnits(StringBuilder units, int first, int last)
    {
        if (first <= last)
        {
            units.Append(Unit(first)).Append(first == last ? "" : "-" + Unit(last));
        }
    }

    private static void AppendPairs(List<string> pairs, int first, int last)
    {
        while (first <= last)
        {
            var high = first >> 10;
            // As many whole blocks of one high surrogate as fit, or a part of one.
            var whole = (first & 0x3FF) == 0 && last >= (first | 0x3FF);
            var lastHigh = whole ? ((last + 1) >> 10) - 1 : high;
            var end = whole ? (lastHigh << 10) | 0x3FF : Math.Min(last, first | 0x3FF);
            pairs.Add($"[{Unit(High(high))}-{Unit(High(lastHigh))}][{Unit(0xDC00 | (first & 0x3FF))}-{Unit(0xDC00 | (end & 0x3FF))}]");
            first = end + 1;
        }
    }

    private static int High(int block) => 0xD800 + block - 0x40;

    private static string Unit(int unit) => "\\u" + unit.ToString("X4", CultureInfo.InvariantCulture);
}
