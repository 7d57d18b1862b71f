using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Peregrine.Protocol.Text;

/// <summary>Reads raw JSON strings: those that <see cref="JsonRpc.Envelope"/> points to, quotes included. Pure and thread-safe.</summary>
public static class JsonText
{
    /// <summary>True where <paramref name="raw"/> is a JSON string.</summary>
    public static bool IsString(ReadOnlySpan<byte> raw) => raw.Length >= 2 && raw[0] == (byte)'"';

    /// <summary>True where <paramref name="raw"/> is a JSON object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> raw) => raw.Length >= 2 && raw[0] == (byte)'{';

    /// <summary>
    /// Gives the content of a raw JSON string as UTF-8. Without escapes that is a slice of <paramref name="raw"/>; with escapes it is
    /// written into <paramref name="buffer"/>.
    /// </summary>
    /// <param name="raw">The string with its quotes.</param>
    /// <param name="buffer">Room for the unescaped content; as long as <paramref name="raw"/> always suffices.</param>
    /// <param name="content">The content.</param>
    /// <returns>False where <paramref name="raw"/> is no string, holds a lone surrogate, or does not fit.</returns>
    public static bool TryGetContent(ReadOnlySpan<byte> raw, Span<byte> buffer, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!IsString(raw))
        {
            return false;
        }

        var inner = raw[1..^1];
        if (inner.IndexOf((byte)'\\') < 0)
        {
            content = inner;
            return true;
        }

        if (!TryUnescape(inner, buffer, out var written))
        {
            return false;
        }

        content = buffer[..written];
        return true;
    }

    /// <summary>True where the raw JSON string <paramref name="raw"/> has the content <paramref name="expected"/>, however it is escaped.</summary>
    public static bool ContentEquals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> expected)
    {
        if (!IsString(raw))
        {
            return false;
        }

        var inner = raw[1..^1];
        return inner.IndexOf((byte)'\\') >= 0 ? EscapedEquals(inner, expected) : inner.SequenceEqual(expected);
    }

    /// <summary>
    /// True where the name or string at which a reader stands has the content <paramref name="expected"/>, however it is escaped. Unlike <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/>
    /// it does not throw where that holds a lone surrogate, which is valid JSON and equal to no text: so it is for what others wrote.
    /// </summary>
    /// <param name="reader">A reader of one span, at a name or a string.</param>
    /// <param name="expected">The content, UTF-8.</param>
    public static bool TokenEquals(in Utf8JsonReader reader, ReadOnlySpan<byte> expected) =>
        reader.ValueIsEscaped ? EscapedEquals(reader.ValueSpan, expected) : reader.ValueSpan.SequenceEqual(expected);

    /// <summary>The content of a raw JSON string as a string; false where it is none or holds a lone surrogate.</summary>
    public static bool TryGetString(ReadOnlySpan<byte> raw, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!IsString(raw))
        {
            return false;
        }

        var inner = raw[1..^1];
        if (inner.IndexOf((byte)'\\') >= 0)
        {
            return TryUnescape(inner, out value);
        }

        value = Encoding.UTF8.GetString(inner);
        return true;
    }

    /// <summary>The content of the name or string at which a reader stands; false where it holds a lone surrogate, at which <see cref="Utf8JsonReader.GetString"/> throws.</summary>
    /// <param name="reader">A reader of one span, at a name or a string.</param>
    /// <param name="value">The content.</param>
    internal static bool TryGetTokenString(in Utf8JsonReader reader, [NotNullWhen(true)] out string? value)
    {
        if (reader.ValueIsEscaped)
        {
            return TryUnescape(reader.ValueSpan, out value);
        }

        value = Encoding.UTF8.GetString(reader.ValueSpan);
        return true;
    }

    /// <summary>The raw JSON number <paramref name="raw"/> as a 64-bit integer; false where it is none, has a fraction, or does not fit.</summary>
    public static bool TryGetInt64(ReadOnlySpan<byte> raw, out long value) =>
        Utf8Parser.TryParse(raw, out value, out var consumed) && consumed == raw.Length;

    private static bool TryUnescape(ReadOnlySpan<byte> inner, [NotNullWhen(true)] out string? value)
    {
        var buffer = inner.Length <= 512 ? stackalloc byte[512] : new byte[inner.Length];
        value = TryUnescape(inner, buffer, out var written) ? Encoding.UTF8.GetString(buffer[..written]) : null;
        return value is not null;
    }

    private static bool EscapedEquals(ReadOnlySpan<byte> inner, ReadOnlySpan<byte> expected)
    {
        // An escape makes content at most six times as long, so nothing beyond that can be equal.
        if (inner.Length > expected.Length * 6)
        {
            return false;
        }

        Span<byte> buffer = inner.Length <= 512 ? stackalloc byte[512] : new byte[inner.Length];
        return TryUnescape(inner, buffer, out var written) && buffer[..written].SequenceEqual(expected);
    }

    // The content of a syntactically valid string as UTF-16, lone surrogates included. For the rare names that are no proper text.
    internal static string UnescapeCodeUnits(ReadOnlySpan<byte> inner)
    {
        var text = new StringBuilder(inner.Length);
        Span<byte> one = stackalloc byte[4];
        while (!inner.IsEmpty)
        {
            var plain = inner.IndexOf((byte)'\\');
            if (plain != 0)
            {
                plain = plain < 0 ? inner.Length : plain;
                text.Append(Encoding.UTF8.GetString(inner[..plain]));
                inner = inner[plain..];
            }
            else if (inner[1] == (byte)'u')
            {
                _ = Utf8Parser.TryParse(inner.Slice(2, 4), out ushort unit, out _, 'x');
                text.Append((char)unit);
                inner = inner[6..];
            }
            else
            {
                _ = TryUnescapeOne(ref inner, one, out _);
                text.Append((char)one[0]);
            }
        }

        return text.ToString();
    }

    // The content of a syntactically valid string, escapes resolved. Fails on lone surrogates and where the room does not suffice.
    internal static bool TryUnescape(ReadOnlySpan<byte> inner, Span<byte> buffer, out int written)
    {
        written = 0;
        while (!inner.IsEmpty)
        {
            var plain = inner.IndexOf((byte)'\\');
            if (plain < 0)
            {
                plain = inner.Length;
            }

            if (!inner[..plain].TryCopyTo(buffer[written..]))
            {
                return false;
            }

            written += plain;
            inner = inner[plain..];
            if (inner.IsEmpty)
            {
                break;
            }

            if (!TryUnescapeOne(ref inner, buffer[written..], out var one))
            {
                return false;
            }

            written += one;
        }

        return true;
    }

    private static bool TryUnescapeOne(ref ReadOnlySpan<byte> inner, scoped Span<byte> buffer, out int written)
    {
        written = 0;
        if (inner[1] != (byte)'u')
        {
            if (buffer.IsEmpty)
            {
                return false;
            }

            buffer[0] = inner[1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var same => same,
            };
            written = 1;
            inner = inner[2..];
            return true;
        }

        _ = Utf8Parser.TryParse(inner.Slice(2, 4), out ushort high, out _, 'x');
        inner = inner[6..];
        Rune rune;
        if (char.IsHighSurrogate((char)high))
        {
            if (inner.Length < 6 || inner[0] != (byte)'\\' || inner[1] != (byte)'u')
            {
                return false;
            }

            _ = Utf8Parser.TryParse(inner.Slice(2, 4), out ushort low, out _, 'x');
            if (!Rune.TryCreate((char)high, (char)low, out rune))
            {
                return false;
            }

            inner = inner[6..];
        }
        else if (!Rune.TryCreate((char)high, out rune))
        {
            return false;
        }

        return rune.TryEncodeToUtf8(buffer, out written);
    }
}
