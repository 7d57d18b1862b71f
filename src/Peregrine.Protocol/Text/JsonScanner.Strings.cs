using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Protocol.Text;

/// <summary>Strings: where they end, found by vectors.</summary>
internal ref partial struct JsonScanner
{
    // Bytes looked at together: as many as a mask has bits.
    private const int Block = 64;

    /// <summary>Skips the string whose opening quote is at <paramref name="p"/>; gives the offset behind its closing quote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SkipString(int p)
    {
        p++;
        if (Vector256.IsHardwareAccelerated && _length >= Vector256<byte>.Count)
        {
            // Near the end of the message the vector begins before the string, and the bits before it are shifted out.
            var from = Math.Min(p, _length - Vector256<byte>.Count);
            var special = FindSpecial(Vector256.LoadUnsafe(ref _json, (nuint)from)) >> (p - from);
            if (p - from < Vector256<byte>.Count)
            {
                if (special == 0)
                {
                    return SkipStringSlow(from + Vector256<byte>.Count);
                }

                var end = p + BitOperations.TrailingZeroCount(special);
                if (At(end) == (byte)'"')
                {
                    return end + 1;
                }
            }
        }

        return SkipStringSlow(p);
    }

    // Quote, backslash, control characters, and - as signed they are less than a space - the bytes beyond ASCII.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindSpecial(Vector256<byte> v) =>
        (Vector256.Equals(v, Vector256.Create((byte)'"')) | Vector256.Equals(v, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(v.AsSByte(), Vector256.Create((sbyte)0x20)).AsByte()).ExtractMostSignificantBits();

    // From anywhere inside a string, in blocks. Each special byte of a block is dealt with by its bit, without looking at the block again:
    // text is full of escaped line ends.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int SkipStringSlow(int p)
    {
        while (p < _length)
        {
            var mask = FindSpecials(p, out var width);
            if (mask == 0)
            {
                p = SkipPlainBlocks(p + width);
                continue;
            }

            var next = width;
            while (mask != 0)
            {
                var at = BitOperations.TrailingZeroCount(mask);
                var b = At(p + at);
                if (b == (byte)'"')
                {
                    return p + at + 1;
                }

                var behind = b == (byte)'\\' ? SkipEscape(p + at) : SkipOddByte(p + at, b);
                if (behind < 0)
                {
                    return behind;
                }

                next = behind - p;
                if (next >= width)
                {
                    break;
                }

                mask &= ulong.MaxValue << next;
                next = width;
            }

            p += next;
        }

        return Fail(JsonFault.Truncated, _length);
    }

    // A block without anything special is mostly followed by more: long strings are passed at the speed of memory.
    // Pairs of 32 bytes: 64 at a time are slower where every load crosses a cache line (docs/performance.md, "Envelope").
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int SkipPlainBlocks(int p)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            for (; p + Block <= _length; p += Block)
            {
                if ((FindSpecial(Vector256.LoadUnsafe(ref _json, (nuint)p)) | FindSpecial(Vector256.LoadUnsafe(ref _json, (nuint)p + 32))) != 0)
                {
                    break;
                }
            }
        }

        return p;
    }

    // A bit for each special byte from p on. Bytes beyond ASCII are special until there was one: then there are mostly more,
    // and they are not worth stopping for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong FindSpecials(int p, out int width)
    {
        if (!Vector128.IsHardwareAccelerated || _length < Block)
        {
            return FindSpecialsOfShort(p, out width);
        }

        var from = Math.Min(p, _length - Block);
        width = from + Block - p;

        // Signed comparison finds what is below a space or beyond ASCII; with the highest bits flipped on both sides, what is below a space only.
        var flip = NonAscii ? (byte)0x80 : (byte)0;
        ulong mask;
        if (Vector512.IsHardwareAccelerated)
        {
            var v = Vector512.LoadUnsafe(ref _json, (nuint)from);
            mask = (Vector512.Equals(v, Vector512.Create((byte)'"')) | Vector512.Equals(v, Vector512.Create((byte)'\\'))
                | Vector512.LessThan((v ^ Vector512.Create(flip)).AsSByte(), Vector512.Create((byte)(0x20 ^ flip)).AsSByte()).AsByte()).ExtractMostSignificantBits();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            mask = FindSpecials256(from, flip) | ((ulong)FindSpecials256(from + 32, flip) << 32);
        }
        else
        {
            mask = FindSpecials128(from, flip) | (FindSpecials128(from + 16, flip) << 16) | (FindSpecials128(from + 32, flip) << 32) | (FindSpecials128(from + 48, flip) << 48);
        }

        return mask >> (p - from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint FindSpecials256(int from, byte flip)
    {
        var v = Vector256.LoadUnsafe(ref _json, (nuint)from);
        return (Vector256.Equals(v, Vector256.Create((byte)'"')) | Vector256.Equals(v, Vector256.Create((byte)'\\'))
            | Vector256.LessThan((v ^ Vector256.Create(flip)).AsSByte(), Vector256.Create((byte)(0x20 ^ flip)).AsSByte()).AsByte()).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong FindSpecials128(int from, byte flip)
    {
        var v = Vector128.LoadUnsafe(ref _json, (nuint)from);
        return (Vector128.Equals(v, Vector128.Create((byte)'"')) | Vector128.Equals(v, Vector128.Create((byte)'\\'))
            | Vector128.LessThan((v ^ Vector128.Create(flip)).AsSByte(), Vector128.Create((byte)(0x20 ^ flip)).AsSByte()).AsByte()).ExtractMostSignificantBits();
    }

    private readonly ulong FindSpecialsOfShort(int p, out int width)
    {
        width = Math.Min(Block, _length - p);
        var mask = 0UL;
        for (var i = 0; i < width; i++)
        {
            mask |= At(p + i) is (byte)'"' or (byte)'\\' or < 0x20 or >= 0x80 ? 1UL << i : 0;
        }

        return mask;
    }

    private int SkipOddByte(int p, byte b)
    {
        if (b < 0x80)
        {
            return Fail(JsonFault.Syntax, p);
        }

        NonAscii = true;

        // The rest of this block's mask still stops at such bytes: behind the block it does not.
        do
        {
            p++;
        }
        while (p < _length && At(p) >= 0x80);

        return p;
    }

    // From a backslash to behind its escape.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SkipEscape(int p)
    {
        if (p + 6 <= _length)
        {
            var b = At(p + 1);
            if (b is (byte)'n' or (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'r' or (byte)'t')
            {
                return p + 2;
            }

            if (b == (byte)'u' && AreHexDigits(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref _json, p + 2))))
            {
                return SkipCodeUnits(p + 6);
            }
        }

        return SkipEscapeSlow(p);
    }

    // What some senders write beyond ASCII comes as nothing but \uXXXX: on through all that follow one another. (By vectors, five at a time,
    // it took a quarter longer: words are short. docs/performance.md, "Envelope".)
    private readonly int SkipCodeUnits(int p)
    {
        while (p + sizeof(ulong) <= _length)
        {
            var next = BinaryPrimitives.ReadUInt64LittleEndian(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _json, p), sizeof(ulong)));
            if ((ushort)next != ('u' << 8 | '\\') || !AreHexDigits((uint)(next >> 16)))
            {
                break;
            }

            p += 6;
        }

        return p;
    }

    // Four bytes at once: adding carries a digit's or letter's lower bound into the highest bit, and what passes the upper bound too is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreHexDigits(uint x)
    {
        var letters = x | 0x20202020;
        var digit = (x + 0x50505050) & ~(x + 0x46464646);
        var letter = (letters + 0x1F1F1F1F) & ~(letters + 0x19191919);
        return ((digit | letter) & ~x & 0x80808080) == 0x80808080;
    }

    private int SkipEscapeSlow(int p)
    {
        if (p + 1 >= _length)
        {
            return Fail(JsonFault.Truncated, _length);
        }

        if (At(p + 1) is (byte)'n' or (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'r' or (byte)'t')
        {
            return p + 2;
        }

        if (At(p + 1) != (byte)'u')
        {
            return Fail(JsonFault.Syntax, p + 1);
        }

        for (var i = p + 2; i < p + 6; i++)
        {
            if (i >= _length)
            {
                return Fail(JsonFault.Truncated, _length);
            }

            if (!char.IsAsciiHexDigit((char)At(i)))
            {
                return Fail(JsonFault.Syntax, i);
            }
        }

        return p + 6;
    }
}
