using System.Buffers;

namespace Peregrine.JsonSchema.Formats;

/// <summary>Mailboxes: RFC 5321 section 4.1.2, and with characters beyond ASCII RFC 6531.</summary>
internal static class EmailFormat
{
    private static readonly SearchValues<byte> s_atom = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~."u8);

    public static bool IsEmail(ReadOnlySpan<byte> text, bool international)
    {
        var at = text.LastIndexOf((byte)'@');
        return at > 0 && IsLocalPart(text[..at], international) && IsDomain(text[(at + 1)..], international);
    }

    private static bool IsLocalPart(ReadOnlySpan<byte> text, bool international)
    {
        if (text[0] == '"')
        {
            return IsQuoted(text, international);
        }

        if (text[0] == '.' || text[^1] == '.' || text.IndexOf(".."u8) >= 0)
        {
            return false;
        }

        foreach (var b in text)
        {
            if (!(s_atom.Contains(b) || (international && b >= 0x80)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsQuoted(ReadOnlySpan<byte> text, bool international)
    {
        if (text.Length < 2 || text[^1] != '"')
        {
            return false;
        }

        text = text[1..^1];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && ++i == text.Length)
            {
                return false;
            }

            var isQuoted = i > 0 && text[i - 1] == '\\';
            if (text[i] is < 0x20 or 0x7F || (text[i] >= 0x80 && !international) || (text[i] == '"' && !isQuoted))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<byte> text, bool international)
    {
        if (text is not [(byte)'[', .., (byte)']'])
        {
            return HostnameFormat.IsHostname(text, international);
        }

        text = text[1..^1];
        return text.StartsWith("IPv6:"u8) ? AddressFormats.IsIpv6(text[5..]) : AddressFormats.IsIpv4(text);
    }
}
