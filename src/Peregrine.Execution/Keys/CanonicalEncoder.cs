using System.Buffers.Binary;
using System.Text.Json;

namespace Peregrine.Execution.Keys;

/// <summary>Writes JSON values in canonical form: bytes to be hashed, not to be read. Every part has its kind and its length, so that no two values give the same. Not thread-safe.</summary>
internal sealed class CanonicalEncoder
{
    private const int KeptCapacity = 64 * 1024;
    private const int MaxDepth = 64;

    private readonly Comparison<Member> _compare;
    private byte[] _buffer = new byte[512];
    private byte[] _spare = [];
    private int _written;
    private Member[] _members = new Member[16];
    private int _memberCount;

    internal CanonicalEncoder() => _compare = Compare;

    /// <summary>Encodes a value.</summary>
    /// <returns>Valid until the next call.</returns>
    /// <exception cref="JsonException">It is not one JSON value.</exception>
    internal ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> json)
    {
        _written = 0;
        _memberCount = 0;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        EncodeValue(ref reader);
        if (reader.Read())
        {
            throw new JsonException("There is more than one JSON value.");
        }

        return _buffer.AsSpan(0, _written);
    }

    /// <summary>Gives up what one long value needed.</summary>
    internal void Shrink()
    {
        if (_buffer.Length > KeptCapacity)
        {
            _buffer = new byte[512];
        }

        if (_spare.Length > KeptCapacity)
        {
            _spare = [];
        }

        if (_members.Length > 4096)
        {
            _members = new Member[16];
        }
    }

    private void EncodeValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                EncodeObject(ref reader);
                break;
            case JsonTokenType.StartArray:
                Write((byte)'[');
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    EncodeValue(ref reader);
                }

                Write((byte)']');
                break;
            case JsonTokenType.String:
                EncodeString(ref reader);
                break;
            case JsonTokenType.Number:
                EncodeNumber(reader.ValueSpan);
                break;
            default:
                Write(reader.TokenType switch { JsonTokenType.True => (byte)'t', JsonTokenType.False => (byte)'f', _ => (byte)'0' });
                break;
        }
    }

    private void EncodeObject(ref Utf8JsonReader reader)
    {
        Write((byte)'{');
        var first = _memberCount;
        var start = _written;
        var sorted = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = _written;
            EncodeString(ref reader);
            var nameEnd = _written;
            reader.Read();
            EncodeValue(ref reader);
            if (_memberCount == _members.Length)
            {
                Array.Resize(ref _members, _memberCount * 2);
            }

            _members[_memberCount] = new Member(at, nameEnd - at, _written - at, _memberCount - first);
            sorted = sorted && (_memberCount == first || Compare(_members[_memberCount - 1], _members[_memberCount]) <= 0);
            _memberCount++;
        }

        if (!sorted)
        {
            Sort(start, _members.AsSpan(first, _memberCount - first));
        }

        _memberCount = first;
        Write((byte)'}');
    }

    // The members lie behind each other; they are put into order in a second buffer and copied back.
    private void Sort(int start, Span<Member> members)
    {
        var length = _written - start;
        if (_spare.Length < length)
        {
            _spare = new byte[Math.Max(length, 512)];
        }

        members.Sort(_compare);
        var at = 0;
        foreach (var member in members)
        {
            _buffer.AsSpan(member.Start, member.Length).CopyTo(_spare.AsSpan(at));
            at += member.Length;
        }

        _spare.AsSpan(0, length).CopyTo(_buffer.AsSpan(start));
    }

    private int Compare(Member left, Member right)
    {
        var order = _buffer.AsSpan(left.Start, left.NameLength).SequenceCompareTo(_buffer.AsSpan(right.Start, right.NameLength));
        return order != 0 ? order : left.Order - right.Order;
    }

    private void EncodeString(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        Reserve(5 + raw.Length);
        var length = raw.Length;
        var kind = (byte)'s';
        if (!reader.ValueIsEscaped)
        {
            raw.CopyTo(_buffer.AsSpan(_written + 5));
        }
        else if (!TryUnescape(ref reader, _buffer.AsSpan(_written + 5), out length))
        {
            // No text, so it stands for itself, and for no text that is spelled in another way.
            kind = (byte)'u';
            length = raw.Length;
            raw.CopyTo(_buffer.AsSpan(_written + 5));
        }

        _buffer[_written] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_written + 1), length);
        _written += 5 + length;
    }

    private static bool TryUnescape(ref Utf8JsonReader reader, Span<byte> destination, out int length)
    {
        try
        {
            length = reader.CopyString(destination);
            return true;
        }
        catch (InvalidOperationException)
        {
            length = 0;
            return false;
        }
    }

    // Sign, power of ten of the last significant digit, significant digits.
    private void EncodeNumber(ReadOnlySpan<byte> literal)
    {
        var number = literal;
        var negative = number[0] == '-';
        number = negative ? number[1..] : number;
        var exponentAt = number.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0L;
        if (exponentAt >= 0)
        {
            // Room for the digits' own share is left, so that nothing below can overflow.
            var text = number[(exponentAt + 1)..];
            text = text[0] == '+' ? text[1..] : text;
            if (!System.Buffers.Text.Utf8Parser.TryParse(text, out exponent, out var consumed) || consumed != text.Length || Math.Abs(exponent / 2) > long.MaxValue / 8)
            {
                WriteNumber((byte)'N', 0, literal);
                return;
            }

            number = number[..exponentAt];
        }

        var point = number.IndexOf((byte)'.');
        if (point >= 0)
        {
            exponent -= number.Length - point - 1;
        }

        var first = number.IndexOfAnyExcept((byte)'0', (byte)'.');
        if (first < 0)
        {
            WriteNumber((byte)'p', 0, default);
            return;
        }

        var last = number.LastIndexOfAnyExcept((byte)'0', (byte)'.');
        exponent += number.Length - 1 - last - (point > last ? 1 : 0);
        WriteNumber(negative ? (byte)'n' : (byte)'p', exponent, number[first..(last + 1)]);
    }

    private void WriteNumber(byte kind, long exponent, ReadOnlySpan<byte> digits)
    {
        Reserve(13 + digits.Length);
        _buffer[_written] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_written + 1), exponent);
        var at = _written + 13;
        foreach (var digit in digits)
        {
            if (digit != '.' || kind == 'N')
            {
                _buffer[at++] = digit;
            }
        }

        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_written + 9), at - _written - 13);
        _written = at;
    }

    private void Write(byte value)
    {
        Reserve(1);
        _buffer[_written++] = value;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _written < count)
        {
            Array.Resize(ref _buffer, checked((int)Math.Min(Math.Max(_buffer.Length * 2L, _written + (long)count), Array.MaxLength)));
        }
    }

    private readonly record struct Member(int Start, int NameLength, int Length, int Order);
}
