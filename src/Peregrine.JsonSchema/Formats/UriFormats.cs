using System.Buffers;

namespace Peregrine.JsonSchema.Formats;

/// <summary>URIs of RFC 3986 and, with characters beyond ASCII, IRIs of RFC 3987.</summary>
internal static class UriFormats
{
    private static readonly SearchValues<byte> s_path = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/"u8);
    private static readonly SearchValues<byte> s_host = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;="u8);
    private static readonly SearchValues<byte> s_userInfo = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:"u8);
    private static readonly SearchValues<byte> s_query = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?"u8);

    public static bool IsUri(ReadOnlySpan<byte> text, UriKind kind, bool international)
    {
        var fragment = text.IndexOf((byte)'#');
        if (fragment >= 0)
        {
            if (!Consists(text[(fragment + 1)..], s_query, international))
            {
                return false;
            }

            text = text[..fragment];
        }

        var query = text.IndexOf((byte)'?');
        if (query >= 0)
        {
            if (!Consists(text[(query + 1)..], s_query, international))
            {
                return false;
            }

            text = text[..query];
        }

        var scheme = SchemeLength(text);
        if (scheme == 0 && (kind == UriKind.Absolute || HasColonInFirstSegment(text)))
        {
            return false;
        }

        text = text[scheme..];
        if (!text.StartsWith("//"u8))
        {
            return Consists(text, s_path, international);
        }

        text = text[2..];
        var path = text.IndexOf((byte)'/');
        path = path < 0 ? text.Length : path;
        return IsAuthority(text[..path], international) && Consists(text[path..], s_path, international);
    }

    /// <summary>Whether text has only the characters given, escapes, and for IRIs characters beyond ASCII.</summary>
    public static bool Consists(ReadOnlySpan<byte> text, SearchValues<byte> allowed, bool international)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !AddressFormats.IsHex(text.Slice(i + 1, 2)))
                {
                    return false;
                }

                i += 2;
            }
            else if (!allowed.Contains(text[i]) && !(international && text[i] >= 0x80))
            {
                return false;
            }
        }

        return true;
    }

    private static int SchemeLength(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = (char)text[i];
            if (c == ':')
            {
                return i > 0 ? i + 1 : 0;
            }

            if (!(char.IsAsciiLetter(c) || (i > 0 && (char.IsAsciiDigit(c) || c is '+' or '-' or '.'))))
            {
                return 0;
            }
        }

        return 0;
    }

    private static bool HasColonInFirstSegment(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        var slash = text.IndexOf((byte)'/');
        return colon >= 0 && (slash < 0 || colon < slash);
    }

    private static bool IsAuthority(ReadOnlySpan<byte> text, bool international)
    {
        var at = text.LastIndexOf((byte)'@');
        if (at >= 0)
        {
            if (!Consists(text[..at], s_userInfo, international))
            {
                return false;
            }

            text = text[(at + 1)..];
        }

        if (text is [(byte)'[', ..])
        {
            var end = text.IndexOf((byte)']');
            return end > 0 && IsLiteralAddress(text[1..end]) && (text[(end + 1)..] is [] || (text[end + 1] == ':' && IsPort(text[(end + 2)..])));
        }

        var colon = text.IndexOf((byte)':');
        return colon < 0 ? Consists(text, s_host, international) : Consists(text[..colon], s_host, international) && IsPort(text[(colon + 1)..]);
    }

    private static bool IsLiteralAddress(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'v' or (byte)'V', ..])
        {
            return AddressFormats.IsIpv6(text);
        }

        var dot = text.IndexOf((byte)'.');
        return dot > 1 && AddressFormats.IsHex(text[1..dot]) && dot + 1 < text.Length && !text.Contains((byte)'%') && Consists(text[(dot + 1)..], s_userInfo, false);
    }

    private static bool IsPort(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
