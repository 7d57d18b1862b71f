using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Peregrine.JsonSchema.Text;

/// <summary>
/// Reads a JSON text (RFC 8259) once into a row of <see cref="JsonToken"/>s. Everything behind it, from types to <c>uniqueItems</c>, works on tokens and looks at the bytes only
/// where a keyword asks for them. Not recursive: depth costs no stack.
/// </summary>
internal ref struct JsonTokenizer
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly int _maxDepth;
    private JsonToken[] _tokens;
    private int _count;
    private int _position;
    private JsonFault _fault;

    private JsonTokenizer(ReadOnlySpan<byte> json, JsonToken[] tokens, int maxDepth)
    {
        _json = json;
        _tokens = tokens;
        _maxDepth = maxDepth;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="json">The text, UTF-8 without byte order mark.</param>
    /// <param name="tokens">Where tokens go; replaced by a larger array of the shared pool where it is too small, and the old one returned there.</param>
    /// <param name="maxDepth">Deepest nesting of objects and arrays taken.</param>
    /// <param name="count">Number of tokens.</param>
    /// <param name="position">Offset of the fault.</param>
    public static JsonFault Read(ReadOnlySpan<byte> json, ref JsonToken[] tokens, int maxDepth, out int count, out int position)
    {
        if (!Utf8.IsValid(json))
        {
            count = 0;
            position = FirstInvalidByte(json);
            return JsonFault.InvalidUtf8;
        }

        var tokenizer = new JsonTokenizer(json, tokens, maxDepth);
        tokenizer.ReadText();
        tokens = tokenizer._tokens;
        count = tokenizer._count;
        position = tokenizer._position;
        return tokenizer._fault;
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> json)
    {
        var position = 0;
        while (System.Text.Rune.DecodeFromUtf8(json[position..], out _, out var consumed) == OperationStatus.Done)
        {
            position += consumed;
        }

        return position;
    }

    private void ReadText()
    {
        var parent = -1;
        var inObject = false;
        var depth = 0;
    Value:
        if (!SkipWhite())
        {
            Fail(JsonFault.UnexpectedEnd);
            return;
        }

        if (_count == _tokens.Length)
        {
            Grow();
        }

        ref var token = ref _tokens[_count];
        switch (_json[_position])
        {
            case (byte)'"':
                if (!ReadString(ref token))
                {
                    return;
                }

                token.Next = ++_count;
                break;
            case (byte)'{' or (byte)'[':
                if (++depth > _maxDepth)
                {
                    Fail(JsonFault.TooDeep);
                    return;
                }

                inObject = _json[_position] == '{';
                // Until it ends, a container's Next says where its parent is.
                token = new JsonToken { Start = _position, Next = parent, Types = inObject ? JsonTypes.Object : JsonTypes.Array };
                parent = _count++;
                _position++;
                if (!SkipWhite())
                {
                    Fail(JsonFault.UnexpectedEnd);
                    return;
                }

                if (_json[_position] == (inObject ? (byte)'}' : (byte)']'))
                {
                    goto Close;
                }

                if (inObject)
                {
                    goto Name;
                }

                goto Value;
            case (byte)'t':
                if (!ReadLiteral("true"u8, JsonTypes.Boolean, ref token))
                {
                    return;
                }

                token.True = true;
                token.Next = ++_count;
                break;
            case (byte)'f':
                if (!ReadLiteral("false"u8, JsonTypes.Boolean, ref token))
                {
                    return;
                }

                token.Next = ++_count;
                break;
            case (byte)'n':
                if (!ReadLiteral("null"u8, JsonTypes.Null, ref token))
                {
                    return;
                }

                token.Next = ++_count;
                break;
            default:
                if (!ReadNumber(ref token))
                {
                    return;
                }

                token.Next = ++_count;
                break;
        }

    AfterValue:
        if (parent < 0)
        {
            if (SkipWhite())
            {
                Fail(JsonFault.TrailingBytes);
            }

            return;
        }

        _tokens[parent].Length++;
        if (!SkipWhite())
        {
            Fail(JsonFault.UnexpectedEnd);
            return;
        }

        var next = _json[_position];
        if (next == ',')
        {
            _position++;
            if (!inObject)
            {
                goto Value;
            }

            if (!SkipWhite())
            {
                Fail(JsonFault.UnexpectedEnd);
                return;
            }

            goto Name;
        }

        if (next != (inObject ? (byte)'}' : (byte)']'))
        {
            Fail(JsonFault.UnexpectedByte);
            return;
        }

    Close:
        _position++;
        depth--;
        ref var closed = ref _tokens[parent];
        parent = closed.Next;
        closed.Next = _count;
        inObject = parent >= 0 && _tokens[parent].Types == JsonTypes.Object;
        goto AfterValue;

    Name:
        if (_json[_position] != '"')
        {
            Fail(JsonFault.UnexpectedByte);
            return;
        }

        if (_count == _tokens.Length)
        {
            Grow();
        }

        if (!ReadString(ref _tokens[_count]))
        {
            return;
        }

        _tokens[_count].Next = ++_count;
        if (!SkipWhite() || _json[_position] != ':')
        {
            Fail(_position < _json.Length ? JsonFault.UnexpectedByte : JsonFault.UnexpectedEnd);
            return;
        }

        _position++;
        goto Value;
    }

    /// <summary>Goes to the next byte that is no white space; false at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool SkipWhite()
    {
        var position = _position;
        if ((uint)position < (uint)_json.Length && _json[position] > ' ')
        {
            return true;
        }

        return SkipWhiteSlow();
    }

    private bool SkipWhiteSlow()
    {
        var json = _json;
        var position = _position;
        while ((uint)position < (uint)json.Length && json[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }

        _position = position;
        return position < json.Length;
    }

    /// <summary>Reads a string whose quote is at the position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ReadString(ref JsonToken token)
    {
        var start = _position + 1;
        var end = EndOfPlain(start);
        if ((uint)end < (uint)_json.Length && _json[end] == '"')
        {
            token = new JsonToken { Start = start, Length = end - start, Types = JsonTypes.String };
            _position = end + 1;
            return true;
        }

        return ReadEscapedString(ref token, start, end);
    }

    /// <summary>Offset of the next quote, backslash or control character, or the length of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int EndOfPlain(int position)
    {
        ref var first = ref MemoryMarshal.GetReference(_json);
        while (position <= _json.Length - Vector128<byte>.Count)
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

        while (position < _json.Length && _json[position] is not ((byte)'"' or (byte)'\\' or < (byte)' '))
        {
            position++;
        }

        return position;
    }

    private bool ReadEscapedString(ref JsonToken token, int start, int position)
    {
        var json = _json;
        var escaped = false;
        while (position < json.Length && json[position] == '\\')
        {
            escaped = true;
            var length = EscapeLength(json[position..]);
            if (length == 0)
            {
                _position = position;
                return Fail(JsonFault.InvalidString);
            }

            position = EndOfPlain(position + length);
        }

        _position = position;
        if (position >= json.Length)
        {
            return Fail(JsonFault.UnexpectedEnd);
        }

        if (json[position] != '"')
        {
            return Fail(JsonFault.InvalidString);
        }

        token = new JsonToken { Start = start, Length = position - start, Types = JsonTypes.String, Escaped = escaped };
        _position = position + 1;
        return true;
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

    private bool ReadLiteral(ReadOnlySpan<byte> literal, JsonTypes type, ref JsonToken token)
    {
        if (!_json[_position..].StartsWith(literal))
        {
            return Fail(JsonFault.UnexpectedByte);
        }

        token = new JsonToken { Start = _position, Length = literal.Length, Types = type };
        _position += literal.Length;
        return true;
    }

    private bool ReadNumber(ref JsonToken token)
    {
        var json = _json;
        var start = _position;
        var position = start;
        if (json[position] == '-')
        {
            position++;
        }

        var digits = position;
        position = SkipDigits(json, position);
        if (position == digits || (json[digits] == '0' && position > digits + 1))
        {
            return Fail(json[start] is (byte)'-' or (>= (byte)'0' and <= (byte)'9') ? JsonFault.InvalidNumber : JsonFault.UnexpectedByte);
        }

        var types = JsonTypes.Number | JsonTypes.Integer;
        if (position < json.Length && json[position] is (byte)'.' or (byte)'e' or (byte)'E')
        {
            types = JsonTypes.Number;
            if (!SkipFractionAndExponent(json, ref position))
            {
                return Fail(JsonFault.InvalidNumber);
            }
        }

        token = new JsonToken { Start = start, Length = position - start, Types = types };
        _position = position;
        return true;
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        var grown = ArrayPool<JsonToken>.Shared.Rent(Math.Max(64, _tokens.Length * 2));
        _tokens.AsSpan(0, _count).CopyTo(grown);
        if (_tokens.Length > 0)
        {
            ArrayPool<JsonToken>.Shared.Return(_tokens);
        }

        _tokens = grown;
    }

    private bool Fail(JsonFault fault)
    {
        _fault = fault;
        return false;
    }
}
