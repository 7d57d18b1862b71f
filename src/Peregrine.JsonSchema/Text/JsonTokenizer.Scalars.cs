using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.JsonSchema.Text;

/// <summary>Strings, literals and numbers.</summary>
internal ref partial struct JsonTokenizer
{
    /// <summary>Reads a string whose quote is at the position.</summary>
    /// <returns>The position behind it; -1 where it is faulty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadString(ReadOnlySpan<byte> json, int position, ref JsonToken token)
    {
        var start = position + 1;
        var end = EndOfPlain(json, start);
        if ((uint)end < (uint)json.Length && json[end] == '"')
        {
            token = new JsonToken { Start = start, Length = end - start, Types = JsonTypes.String };
            return end + 1;
        }

        return ReadEscapedString(json, ref token, start, end);
    }

    /// <summary>Offset of the next quote, backslash or control character, or the length of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfPlain(ReadOnlySpan<byte> json, int position)
    {
        ref var first = ref MemoryMarshal.GetReference(json);
        while (position <= json.Length - Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref first, (nuint)position);
            var ends = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(bytes, Vector128.Create((byte)' '));
            var mask = ends.ExtractMostSignificantBits();
            if (mask != 0)
            {
                return position + BitOperations.TrailingZeroCount(mask);
            }

            position += Vector128<byte>.Count;
        }

        while (position < json.Length && json[position] is not ((byte)'"' or (byte)'\\' or < (byte)' '))
        {
            position++;
        }

        return position;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadEscapedString(ReadOnlySpan<byte> json, ref JsonToken token, int start, int position)
    {
        var escaped = false;
        while (position < json.Length && json[position] == '\\')
        {
            escaped = true;
            var length = EscapeLength(json[position..]);
            if (length == 0)
            {
                return Fail(JsonFault.InvalidString, position);
            }

            position = EndOfPlain(json, position + length);
        }

        if (position >= json.Length)
        {
            return Fail(JsonFault.UnexpectedEnd, position);
        }

        if (json[position] != '"')
        {
            return Fail(JsonFault.InvalidString, position);
        }

        token = new JsonToken { Start = start, Length = position - start, Types = JsonTypes.String, Escaped = escaped };
        return position + 1;
    }

    private static int EscapeLength(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < 2)
        {
            return 0;
        }

        if (escape[1] == 'u')
        {
            return escape.Length >= 6 && !escape[2..6].ContainsAnyExcept(HexDigits) ? 6 : 0;
        }

        return escape[1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' ? 2 : 0;
    }

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private int ReadLiteral(ReadOnlySpan<byte> json, int position, ReadOnlySpan<byte> literal, JsonTypes type, ref JsonToken token)
    {
        if (!json[position..].StartsWith(literal))
        {
            return Fail(JsonFault.UnexpectedByte, position);
        }

        token = new JsonToken { Start = position, Length = literal.Length, Types = type };
        return position + literal.Length;
    }

    private int ReadNumber(ReadOnlySpan<byte> json, int start, ref JsonToken token)
    {
        var position = start;
        if (json[position] == '-')
        {
            position++;
        }

        var digits = position;
        position = SkipDigits(json, position);
        if (position == digits || (json[digits] == '0' && position > digits + 1))
        {
            return Fail(json[start] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') ? JsonFault.InvalidNumber : JsonFault.UnexpectedByte, start);
        }

        var types = JsonTypes.Number | JsonTypes.Integer;
        if (position < json.Length && json[position] is (byte)'.' or (byte)'e' or (byte)'E')
        {
            types = JsonTypes.Number;
            if (!SkipFractionAndExponent(json, ref position))
            {
                return Fail(JsonFault.InvalidNumber, start);
            }
        }

        token = new JsonToken { Start = start, Length = position - start, Types = types };
        return position;
    }

    private static bool SkipFractionAndExponent(ReadOnlySpan<byte> json, ref int position)
    {
        if (json[position] == '.')
        {
            var fraction = position + 1;
            position = SkipDigits(json, fraction);
            if (position == fraction)
            {
                return false;
            }
        }

        if (position >= json.Length || json[position] is not ((byte)'e' or (byte)'E'))
        {
            return true;
        }

        position++;
        if (position < json.Length && json[position] is (byte)'+' or (byte)'-')
        {
            position++;
        }

        var exponent = position;
        position = SkipDigits(json, exponent);
        return position > exponent;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipDigits(ReadOnlySpan<byte> json, int position)
    {
        while ((uint)position < (uint)json.Length && (uint)(json[position] - '0') <= 9)
        {
            position++;
        }

        return position;
    }
}
