using System.Buffers;
using System.Text;

namespace Peregrine.Protocol.Headers;

/// <summary>
/// The encoding of <c>Mcp-Name</c> and <c>Mcp-Param-*</c> (2026-07-28, Streamable HTTP): plain where a header can carry it, else
/// <c>=?base64?…?=</c> around strict Base64 of UTF-8. Pure and thread-safe.
/// </summary>
public static class HeaderValue
{
    private const string Prefix = "=?base64?";
    private const string Suffix = "?=";

    // Visible ASCII and space: what a header value carries unchanged.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        string.Concat(Enumerable.Range(0x20, 0x5F).Select(static c => (char)c)));

    /// <summary>Encodes <paramref name="value"/>; a lone surrogate becomes U+FFFD, as it does in the body.</summary>
    public static string Encode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return IsPlain(value) ? value : string.Concat(Prefix, Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), Suffix);
    }

    /// <summary>
    /// Compares a header with the value in the body, without allocating where the header is plain.
    /// </summary>
    /// <param name="header">The header's value as received.</param>
    /// <param name="utf8">The body's value, unescaped.</param>
    /// <returns>False where they differ, or the header's Base64 is not valid.</returns>
    public static bool Matches(ReadOnlySpan<char> header, ReadOnlySpan<byte> utf8)
    {
        header = header.Trim(" \t");
        if (!IsEncoded(header))
        {
            return Ascii.IsValid(header) && Ascii.Equals(utf8, header);
        }

        return TryDecodeBase64(header[Prefix.Length..^Suffix.Length], out var decoded) && utf8.SequenceEqual(decoded);
    }

    /// <summary>Decodes a header; false where it has other than ASCII characters, or its Base64 or the UTF-8 in it is not valid.</summary>
    public static bool TryDecode(ReadOnlySpan<char> header, out string value)
    {
        header = header.Trim(" \t");
        value = "";
        if (!IsEncoded(header))
        {
            // A sender must encode what is not ASCII: how a bare one was meant is anybody's guess, so nothing may be decided on it.
            if (!Ascii.IsValid(header))
            {
                return false;
            }

            value = header.ToString();
            return true;
        }

        if (!TryDecodeBase64(header[Prefix.Length..^Suffix.Length], out var decoded) || !System.Text.Unicode.Utf8.IsValid(decoded))
        {
            return false;
        }

        value = Encoding.UTF8.GetString(decoded);
        return true;
    }

    private static bool IsPlain(string value) =>
        !value.AsSpan().ContainsAnyExcept(Plain)
        && (value.Length == 0 || (value[0] != ' ' && value[^1] != ' '))
        && !(value.StartsWith(Prefix, StringComparison.Ordinal) && value.EndsWith(Suffix, StringComparison.Ordinal));

    private static bool IsEncoded(ReadOnlySpan<char> header) =>
        header.Length >= Prefix.Length + Suffix.Length && header.StartsWith(Prefix, StringComparison.Ordinal) && header.EndsWith(Suffix, StringComparison.Ordinal);

    // Strict: full padding, no white space, no bits set that the decoder would drop.
    private static bool TryDecodeBase64(ReadOnlySpan<char> text, out byte[] decoded)
    {
        decoded = [];
        if (text.Length % 4 != 0 || text.ContainsAny(" \t\r\n"))
        {
            return false;
        }

        var buffer = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, buffer, out var written))
        {
            return false;
        }

        decoded = buffer[..written];
        return text.SequenceEqual(Convert.ToBase64String(decoded));
    }
}
