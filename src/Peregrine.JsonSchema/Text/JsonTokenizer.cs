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

    // Where it is, and how many tokens there are, stays in registers: kept in fields, each step would wait for the store of the one before (docs/performance.md, "JSON Schema").
    private void ReadText()
    {
        var json = _json;
        var tokens = _tokens;
        var position = 0;
        var count = 0;
        var parent = -1;
        var inObject = false;
        var depth = 0;
    Value:
        position = SkipWhite(json, position);
        if ((uint)position >= (uint)json.Length)
        {
            Fail(JsonFault.UnexpectedEnd, position);
            return;
        }

        if (count == tokens.Length)
        {
            tokens = Grow(count);
        }

        ref var token = ref tokens[count];
        switch (json[position])
        {
            case (byte)'"':
                position = ReadString(json, position, ref token);
                break;
            case (byte)'{' or (byte)'[':
                if (++depth > _maxDepth)
                {
                    Fail(JsonFault.TooDeep, position);
                    return;
                }

                inObject = json[position] == '{';
                // Until it ends, a container's Next says where its parent is.
                token = new JsonToken { Start = position, Next = parent, Types = inObject ? JsonTypes.Object : JsonTypes.Array };
                parent = count++;
                position = SkipWhite(json, position + 1);
                if ((uint)position >= (uint)json.Length)
                {
                    Fail(JsonFault.UnexpectedEnd, position);
                    return;
                }

                if (json[position] == (inObject ? (byte)'}' : (byte)']'))
                {
                    goto Close;
                }

                if (inObject)
                {
                    goto Name;
                }

                goto Value;
            case (byte)'t':
                position = ReadLiteral(json, position, "true"u8, JsonTypes.Boolean, ref token);
                token.True = true;
                break;
            case (byte)'f':
                position = ReadLiteral(json, position, "false"u8, JsonTypes.Boolean, ref token);
                break;
            case (byte)'n':
                position = ReadLiteral(json, position, "null"u8, JsonTypes.Null, ref token);
                break;
            default:
                position = ReadNumber(json, position, ref token);
                break;
        }

        if (position < 0)
        {
            return;
        }

        token.Next = ++count;
    AfterValue:
        position = SkipWhite(json, position);
        if (parent < 0)
        {
            _count = count;
            if (position < json.Length)
            {
                Fail(JsonFault.TrailingBytes, position);
            }

            return;
        }

        tokens[parent].Length++;
        if ((uint)position >= (uint)json.Length)
        {
            Fail(JsonFault.UnexpectedEnd, position);
            return;
        }

        var next = json[position];
        if (next == ',')
        {
            position++;
            if (!inObject)
            {
                goto Value;
            }

            position = SkipWhite(json, position);
            if ((uint)position >= (uint)json.Length)
            {
                Fail(JsonFault.UnexpectedEnd, position);
                return;
            }

            goto Name;
        }

        if (next != (inObject ? (byte)'}' : (byte)']'))
        {
            Fail(JsonFault.UnexpectedByte, position);
            return;
        }

    Close:
        position++;
        depth--;
        ref var closed = ref tokens[parent];
        parent = closed.Next;
        closed.Next = count;
        inObject = parent >= 0 && tokens[parent].Types == JsonTypes.Object;
        goto AfterValue;

    Name:
        if (json[position] != '"')
        {
            Fail(JsonFault.UnexpectedByte, position);
            return;
        }

        if (count == tokens.Length)
        {
            tokens = Grow(count);
        }

        position = ReadString(json, position, ref tokens[count]);
        if (position < 0)
        {
            return;
        }

        tokens[count].Next = ++count;
        position = SkipWhite(json, position);
        if ((uint)position >= (uint)json.Length || json[position] != ':')
        {
            Fail(position < json.Length ? JsonFault.UnexpectedByte : JsonFault.UnexpectedEnd, position);
            return;
        }

        position++;
        goto Value;
    }

    /// <summary>Offset of the next byte that is no white space, or the length of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipWhite(ReadOnlySpan<byte> json, int position) =>
        (uint)position < (uint)json.Length && json[position] > ' ' ? position : SkipWhiteSlow(json, position);

    private static int SkipWhiteSlow(ReadOnlySpan<byte> json, int position)
    {
        while ((uint)position < (uint)json.Length && json[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }

        return position;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private JsonToken[] Grow(int count)
    {
        var grown = PooledArrays.Rent<JsonToken>(Math.Max(64, _tokens.Length * 2));
        _tokens.AsSpan(0, count).CopyTo(grown);
        if (_tokens.Length > 0)
        {
            PooledArrays.Return(_tokens);
        }

        _tokens = grown;
        return grown;
    }

    /// <summary>Notes what is wrong and where.</summary>
    /// <returns>-1, which stands for the position behind what could not be read.</returns>
    private int Fail(JsonFault fault, int position)
    {
        _fault = fault;
        _position = position;
        return -1;
    }
}
