namespace Peregrine.JsonSchema.Formats;

/// <summary>Dates, times and durations of RFC 3339, section 5.6 and appendix A.</summary>
internal static class DateFormats
{
    public static bool IsDate(ReadOnlySpan<byte> text)
    {
        if (text.Length != 10 || text[4] != '-' || text[7] != '-' || !Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..], out var day))
        {
            return false;
        }

        // The year 0 is a leap year, and one that DateTime does not have.
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year == 0 ? 4 : year, month);
    }

    public static bool IsDateTime(ReadOnlySpan<byte> text) =>
        text.Length > 11 && text[10] is (byte)'T' or (byte)'t' && IsDate(text[..10]) && IsTime(text[11..]);

    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 9 || text[2] != ':' || text[5] != ':' || !Number(text[..2], out var hour) || !Number(text[3..5], out var minute) || !Number(text[6..8], out var second))
        {
            return false;
        }

        var rest = text[8..];
        if (rest[0] == '.')
        {
            var end = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (end <= 0)
            {
                return false;
            }

            rest = rest[(end + 1)..];
        }

        // A leap second comes at midnight in UTC, whatever the local time is.
        return hour <= 23 && minute <= 59 && Offset(rest, out var offset)
            && (second <= 59 || (second == 60 && ((hour * 60) + minute - offset + 2880) % 1440 == 1439));
    }

    public static bool IsDuration(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'P', _, ..])
        {
            return false;
        }

        text = text[1..];
        if (text[^1] == 'W')
        {
            return text.Length > 1 && !text[..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9');
        }

        var time = text.IndexOf((byte)'T');
        var date = time < 0 ? text : text[..time];
        return (date.IsEmpty || IsSequence(date, "YMD"u8)) && (time < 0 ? !date.IsEmpty : IsSequence(text[(time + 1)..], "HMS"u8));
    }

    /// <summary>Numbers with units that follow each other without a gap: appendix A has no year and day without a month.</summary>
    private static bool IsSequence(ReadOnlySpan<byte> text, ReadOnlySpan<byte> units)
    {
        var expected = -1;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            var unit = digits > 0 ? units.IndexOf(text[digits]) : -1;
            if (unit < 0 || (expected >= 0 && unit != expected))
            {
                return false;
            }

            expected = unit + 1;
            text = text[(digits + 1)..];
        }

        return expected >= 0;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':' || !Number(text[1..3], out var hour) || !Number(text[4..], out var minute))
        {
            return false;
        }

        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return hour <= 23 && minute <= 59;
    }

    private static bool Number(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            value = (value * 10) + (digit - '0');
        }

        return !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
