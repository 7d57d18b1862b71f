using System.Buffers;
using System.Text;

namespace Peregrine.JsonSchema.Formats;

/// <summary>Host names: RFC 1123 section 2.1, and with characters beyond ASCII RFC 5890 section 2.3.2.3.</summary>
internal static class HostnameFormat
{
    private const int MaxLabel = 63;
    private const int MaxName = 253;

    public static bool IsHostname(ReadOnlySpan<byte> text, bool international)
    {
        // No name of 253 ASCII characters has more bytes than this as Unicode.
        if (text.IsEmpty || text.Length > MaxName * 4)
        {
            return false;
        }

        Span<int> label = stackalloc int[MaxName * 4];
        var length = 0;
        var name = 0;
        while (true)
        {
            var isEnd = text.IsEmpty;
            var rune = new Rune('.');
            if (!isEnd)
            {
                if (Rune.DecodeFromUtf8(text, out rune, out var consumed) != OperationStatus.Done)
                {
                    return false;
                }

                text = text[consumed..];
            }

            if (!isEnd && !IsDot(rune.Value, international))
            {
                label[length++] = rune.Value;
                continue;
            }

            var encoded = LabelLength(label[..length], international);
            name += encoded + (isEnd ? 0 : 1);
            if (encoded == 0 || name > MaxName)
            {
                return false;
            }

            if (isEnd)
            {
                return true;
            }

            length = 0;
        }
    }

    private static bool IsDot(int codePoint, bool international) => codePoint == '.' || (international && codePoint is 0x3002 or 0xFF0E or 0xFF61);

    /// <summary>Length of a label as ASCII; 0 where it is none.</summary>
    private static int LabelLength(ReadOnlySpan<int> label, bool international)
    {
        if (label.IsEmpty || label[0] == '-' || label[^1] == '-')
        {
            return 0;
        }

        if (label.ContainsAnyExceptInRange(0, 0x7F))
        {
            return international && IdnaLabel.IsValid(label) && Punycode.EncodedLength(label) + 4 is <= MaxLabel and var length ? length : 0;
        }

        foreach (var c in label)
        {
            if (!(char.IsAsciiLetterOrDigit((char)c) || c == '-'))
            {
                return 0;
            }
        }

        if (label.Length > MaxLabel || (label.Length >= 4 && label[2] == '-' && label[3] == '-' && !IsEncodedLabel(label)))
        {
            return 0;
        }

        return label.Length;
    }

    /// <summary>Whether a label with hyphens at the third and fourth place is the ASCII form of a Unicode label.</summary>
    private static bool IsEncodedLabel(ReadOnlySpan<int> label)
    {
        Span<int> decoded = stackalloc int[MaxLabel];
        return label[0] is 'x' or 'X' && label[1] is 'n' or 'N'
            && Punycode.TryDecode(label[4..], decoded, out var length) && decoded[..length].ContainsAnyExceptInRange(0, 0x7F) && IdnaLabel.IsValid(decoded[..length])
            && Punycode.EncodedLength(decoded[..length]) == label.Length - 4;
    }
}
