using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Protocol.Text;

/// <summary>
/// Writes JSON strings. Escapes only what JSON demands (quote, backslash, control characters), so that text stays readable and short;
/// lone surrogates become U+FFFD. Unlike <c>Utf8JsonWriter</c> it never asks for six times the text's length at once.
/// </summary>
public static class JsonStringWriter
{
    // Everything that JSON demands to be escaped.
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\"\\"u8);

    // Text is transcoded in pieces, so that a long one needs room for its real size only.
    private const int Piece = 32 * 1024;

    /// <summary>Writes <paramref name="text"/> as a JSON string with its quotes.</summary>
    public static void WriteString(PooledByteWriter writer, ReadOnlySpan<char> text)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)'"');
        WriteContent(writer, text);
        writer.WriteByte((byte)'"');
    }

    /// <summary>Writes <paramref name="utf8"/> (valid UTF-8) as a JSON string with its quotes.</summary>
    public static void WriteString(PooledByteWriter writer, ReadOnlySpan<byte> utf8)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)'"');
        WriteContent(writer, utf8);
        writer.WriteByte((byte)'"');
    }

    /// <summary>Writes the content of a JSON string, without quotes.</summary>
    public static void WriteContent(PooledByteWriter writer, ReadOnlySpan<char> text)
    {
        ArgumentNullException.ThrowIfNull(writer);
        while (!text.IsEmpty)
        {
            var piece = text.Length <= Piece ? text : text[..PieceLength(text)];
            WritePiece(writer, piece);
            text = text[piece.Length..];
        }
    }

    /// <summary>Writes the content of a JSON string, without quotes, from valid UTF-8.</summary>
    public static void WriteContent(PooledByteWriter writer, ReadOnlySpan<byte> utf8)
    {
        ArgumentNullException.ThrowIfNull(writer);
        while (true)
        {
            var plain = IndexOfEscaped(utf8);
            if (plain < 0)
            {
                writer.Write(utf8);
                return;
            }

            writer.Write(utf8[..plain]);
            WriteEscape(writer, utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }
    }

    // Up to this length here, as quickly: the search of the framework is not compiled ahead, which every start would pay for that writes a name (docs/performance.md, "Start").
    private const int Short = 64;

    private static int IndexOfEscaped(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Short)
        {
            return utf8.IndexOfAny(Escaped);
        }

        ref var start = ref MemoryMarshal.GetReference(utf8);
        var i = 0;
        for (; i <= utf8.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            if (FindEscaped(Vector128.LoadUnsafe(ref start, (nuint)i)) is not 0 and var found)
            {
                return i + BitOperations.TrailingZeroCount(found);
            }
        }

        if (i > 0)
        {
            // The rest with bytes before it, in which there is nothing.
            var last = utf8.Length - Vector128<byte>.Count;
            return FindEscaped(Vector128.LoadUnsafe(ref start, (nuint)last)) is not 0 and var found ? last + BitOperations.TrailingZeroCount(found) : -1;
        }

        for (; i < utf8.Length; i++)
        {
            if (utf8[i] is < 0x20 or (byte)'"' or (byte)'\\')
            {
                return i;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindEscaped(Vector128<byte> bytes) =>
        (Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\')) | Vector128.LessThan(bytes, Vector128.Create((byte)0x20))).ExtractMostSignificantBits();

    private static int PieceLength(ReadOnlySpan<char> text) => char.IsHighSurrogate(text[Piece - 1]) ? Piece - 1 : Piece;

    private static void WritePiece(PooledByteWriter writer, ReadOnlySpan<char> text)
    {
        // Transcodes in place behind what is written, then looks whether anything there must be escaped: mostly nothing must.
        var span = writer.GetSpan(text.Length * 3);
        _ = Utf8.FromUtf16(text, span, out _, out var written, replaceInvalidSequences: true, isFinalBlock: true);
        var first = IndexOfEscaped(span[..written]);
        if (first < 0)
        {
            writer.Advance(written);
            return;
        }

        var copy = PooledArrays.Rent<byte>(written - first);
        span[first..written].CopyTo(copy);
        writer.Advance(first);
        WriteContent(writer, copy.AsSpan(0, written - first));
        PooledArrays.Return(copy);
    }

    private static void WriteEscape(PooledByteWriter writer, byte value)
    {
        switch (value)
        {
            case (byte)'"': writer.Write("\\\""u8); return;
            case (byte)'\\': writer.Write("\\\\"u8); return;
            case (byte)'\n': writer.Write("\\n"u8); return;
            case (byte)'\r': writer.Write("\\r"u8); return;
            case (byte)'\t': writer.Write("\\t"u8); return;
            default:
                writer.Write("\\u00"u8);
                writer.WriteByte(HexDigit(value >> 4));
                writer.WriteByte(HexDigit(value & 15));
                return;
        }
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
