using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Protocol.Text;

/// <summary>Objects and arrays, the fast way.</summary>
internal ref partial struct JsonScanner
{
    private const uint True = 'e' << 24 | 'u' << 16 | 'r' << 8 | 't';
    private const uint Alse = 'e' << 24 | 's' << 16 | 'l' << 8 | 'a';
    private const uint Null = 'l' << 24 | 'l' << 16 | 'u' << 8 | 'n';

    // The same walk as SkipContainer, with its state in registers: it says no more than "not so", and then the other one finds out what.
    // The gotos are the states of the grammar; loops and calls took a good third longer (docs/performance.md, "Envelope").
    private int SkipContainerFast(int p, int depth)
    {
        ref var json = ref _json;
        var length = _length;
        ulong objects = 0;
        var open = 0;
        byte b;

    Value:
        if (p >= length)
        {
            return -1;
        }

        b = Unsafe.Add(ref json, p);
        switch (b)
        {
            case (byte)'"':
                p = SkipShortString(ref json, length, p);
                if (p < 0)
                {
                    return p;
                }

                goto Behind;
            case (byte)'{' or (byte)'[':
                if (open >= depth)
                {
                    return -1;
                }

                open++;
                objects = (objects << 1) | (((uint)b >> 5) & 1); // '{' is 0x7B, '[' is 0x5B
                p = SkipWhitespace(p + 1);
                if (p < length && Unsafe.Add(ref json, p) == b + 2)
                {
                    goto Behind;
                }

                if (b == (byte)'{')
                {
                    goto Name;
                }

                goto Value;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                p = SkipNumberFast(p);
                if (p < 0)
                {
                    return p;
                }

                goto Behind;
            case (byte)'t' when p + 4 <= length && Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref json, p)) == LittleEndian(True):
            case (byte)'n' when p + 4 <= length && Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref json, p)) == LittleEndian(Null):
                p += 4;
                goto Behind;
            case (byte)'f' when p + 5 <= length && Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref json, p + 1)) == LittleEndian(Alse):
                p += 5;
                goto Behind;
            case (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t':
                p = SkipWhitespaceSlow(p);
                goto Value;
            default:
                return -1;
        }

    Name:
        if (p >= length || Unsafe.Add(ref json, p) != (byte)'"')
        {
            return -1;
        }

        p = SkipShortString(ref json, length, p);
        if (p < 0)
        {
            return p;
        }

        if (p < length && Unsafe.Add(ref json, p) == (byte)':')
        {
            p++;
            goto Value;
        }

        p = SkipColon(p);
        if (p < 0)
        {
            return p;
        }

        goto Value;

    Behind:
        p = SkipWhitespace(p);
        if (p >= length)
        {
            return -1;
        }

        b = Unsafe.Add(ref json, p++);
        if (b == (byte)',')
        {
            if ((objects & 1) == 0)
            {
                goto Value;
            }

            p = SkipWhitespace(p);
            goto Name;
        }

        // ']' is 0x5D, '}' is 0x7D.
        if (b != 0x5D + ((objects & 1) << 5))
        {
            return -1;
        }

        objects >>= 1;
        if (--open != 0)
        {
            goto Behind;
        }

        return p;
    }

    // A string that ends in its first 32 bytes, away from the end of the message: mostly so.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SkipShortString(ref byte json, int length, int p)
    {
        if (Vector256.IsHardwareAccelerated && p + 1 + Vector256<byte>.Count <= length)
        {
            var special = FindSpecial(Vector256.LoadUnsafe(ref json, (nuint)(p + 1)));
            var end = p + 1 + BitOperations.TrailingZeroCount(special);
            if (special != 0 && Unsafe.Add(ref json, end) == (byte)'"')
            {
                return end + 1;
            }
        }

        return SkipString(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LittleEndian(uint value) => BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);

    // Integers of some digits in line, the rest by the book.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SkipNumberFast(int p)
    {
        var first = At(p);
        if ((uint)(first - '1') <= 8)
        {
            var end = p + 1;
            while (end < _length && (uint)(At(end) - '0') <= 9)
            {
                end++;
            }

            if (end < _length && At(end) is (byte)',' or (byte)'}' or (byte)']')
            {
                return end;
            }
        }

        return SkipNumber(p);
    }
}
