using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Peregrine.Protocol.Buffers;

namespace Peregrine.JsonSchema.Text;

/// <summary>
/// Reads a JSON text (RFC 8259) once into a row of <see cref="JsonToken"/>s. Everything behind it, from types to <c>uniqueItems</c>, works on tokens and looks at the bytes only
/// where a keyword asks for them. Not recursive: depth costs no stack.
/// </summary>
internal ref partial struct JsonTokenizer
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        var grown = PooledArrays.Rent<JsonToken>(Math.Max(64, _tokens.Length * 2));
        _tokens.AsSpan(0, _count).CopyTo(grown);
        if (_tokens.Length > 0)
        {
            PooledArrays.Return(_tokens);
        }

        _tokens = grown;
    }

    private bool Fail(JsonFault fault)
    {
        _fault = fault;
        return false;
    }
}
