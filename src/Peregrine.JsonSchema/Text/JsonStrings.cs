using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Peregrine.Protocol.Buffers;

namespace Peregrine.JsonSchema.Text;

/// <summary>
/// The text of JSON strings: escapes, comparison, length. A surrogate without its other half, which only an escape can bring, becomes the three bytes that its code point
/// would have; it counts as one character and equals only itself.
/// </summary>
internal static class JsonStrings
{
    /// <summary>Writes the text of a raw string without escapes.</summary>
    /// <param name="raw">The bytes between the quotes, checked by the tokenizer.</param>
    /// <param name="destination">At least as long as <paramref name="raw"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0)
            {
                raw.CopyTo(destination[written..]);
                return written + raw.Length;
            }

            raw[..plain].CopyTo(destination[written..]);
            written += plain;
            raw = raw[plain..];
            if (raw[1] == 'u')
            {
                var codePoint = CodePoint(raw, out var consumed);
                written += Encode(codePoint, destination[written..]);
                raw = raw[consumed..];
            }
            else
            {
                destination[written++] = Simple(raw[1]);
                raw = raw[2..];
            }
        }
    }

    /// <summary>Unescapes into new memory. For schemas and messages, not for instances.</summary>
    public static byte[] ToArray(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped)
        {
            return raw.ToArray();
        }

        var text = new byte[raw.Length];
        return text.AsSpan(0, Unescape(raw, text)).ToArray();
    }

    /// <summary>Unescapes into a string. For schemas and messages, not for instances.</summary>
    public static string ToText(ReadOnlySpan<byte> raw, bool escaped) => Encoding.UTF8.GetString(ToArray(raw, escaped));

    /// <summary>Writes the UTF-16 of unescaped text; a lone surrogate stays one.</summary>
    /// <param name="text">What <see cref="Unescape"/> gave.</param>
    /// <param name="destination">At least as many characters as <paramref name="text"/> has bytes.</param>
    /// <returns>Characters written.</returns>
    public static int ToUtf16(ReadOnlySpan<byte> text, Span<char> destination)
    {
        var written = 0;
        while (true)
        {
            var status = Utf8.ToUtf16(text, destination[written..], out var read, out var characters, replaceInvalidSequences: false);
            written += characters;
            if (status == OperationStatus.Done)
            {
                return written;
            }

            destination[written++] = (char)(((text[read] & 0x0F) << 12) | ((text[read + 1] & 0x3F) << 6) | (text[read + 2] & 0x3F));
            text = text[(read + 3)..];
        }
    }

    /// <summary>Number of code points of unescaped text.</summary>
    public static int CodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (text.Length >= Vector<byte>.Count)
        {
            // Bytes 0x80 to 0xBF continue a character; as signed numbers they are the smallest.
            var continuations = Vector.LessThan(Vector.AsVectorSByte(new Vector<byte>(text)), new Vector<sbyte>(-64));
            count += Vector<byte>.Count + Vector.Sum(Vector.AsVectorSByte(continuations));
            text = text[Vector<byte>.Count..];
        }

        foreach (var b in text)
        {
            count += (sbyte)b >= -64 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Number of code points of a raw string with escapes.</summary>
    public static int CodePointsOfEscaped(ReadOnlySpan<byte> raw)
    {
        var count = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0)
            {
                return count + CodePoints(raw);
            }

            count += CodePoints(raw[..plain]) + 1;
            raw = raw[plain..];
            var consumed = 2;
            if (raw[1] == 'u')
            {
                CodePoint(raw, out consumed);
            }

            raw = raw[consumed..];
        }
    }

    /// <summary>Whether two raw strings are the same text.</summary>
    public static bool Equal(ReadOnlySpan<byte> left, bool leftEscaped, ReadOnlySpan<byte> right, bool rightEscaped)
    {
        if (!leftEscaped && !rightEscaped)
        {
            return left.SequenceEqual(right);
        }

        var buffer = PooledArrays.Rent<byte>(left.Length + right.Length);
        var leftText = leftEscaped ? buffer.AsSpan(0, Unescape(left, buffer)) : left;
        var rest = buffer.AsSpan(left.Length);
        var rightText = rightEscaped ? rest[..Unescape(right, rest)] : right;
        var equal = leftText.SequenceEqual(rightText);
        PooledArrays.Return(buffer);
        return equal;
    }

    private static byte Simple(byte escape) => escape switch
    {
        (byte)'b' => 8,
        (byte)'f' => 12,
        (byte)'n' => 10,
        (byte)'r' => 13,
        (byte)'t' => 9,
        _ => escape,
    };

    private static int CodePoint(ReadOnlySpan<byte> escape, out int consumed)
    {
        var high = Hex(escape.Slice(2, 4));
        consumed = 6;
        if (high is >= 0xD800 and < 0xDC00 && escape.Length >= 12 && escape[6] == '\\' && escape[7] == 'u')
        {
            var low = Hex(escape.Slice(8, 4));
            if (low is >= 0xDC00 and < 0xE000)
            {
                consumed = 12;
                return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            }
        }

        return high;
    }

    private static int Hex(ReadOnlySpan<byte> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int Encode(int codePoint, Span<byte> destination)
    {
        if (codePoint < 0x80)
        {
            destination[0] = (byte)codePoint;
            return 1;
        }

        if (codePoint < 0x800)
        {
            destination[0] = (byte)(0xC0 | (codePoint >> 6));
            destination[1] = (byte)(0x80 | (codePoint & 0x3F));
            return 2;
        }

        if (codePoint < 0x10000)
        {
            destination[0] = (byte)(0xE0 | (codePoint >> 12));
            destination[1] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
            destination[2] = (byte)(0x80 | (codePoint & 0x3F));
            return 3;
        }

        destination[0] = (byte)(0xF0 | (codePoint >> 18));
        destination[1] = (byte)(0x80 | ((codePoint >> 12) & 0x3F));
        destination[2] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
        destination[3] = (byte)(0x80 | (codePoint & 0x3F));
        return 4;
    }
}
