using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Protocol.Text;

/// <summary>Strings: where they end, found by vectors.</summary>
internal ref partial struct JsonScanner
{
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
            if (special != 0 && p - from < Vector256<byte>.Count)
            {
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int SkipStringSlow(int p)
    {
        while (true)
        {
            p = NonAscii ? FindSpecialByteBeyondAscii(p) : FindSpecialByte(p);
            if (p >= _length)
            {
                return Fail(JsonFault.Truncated, _length);
            }

            var b = At(p);
            if (b == (byte)'"')
            {
                return p + 1;
            }

            if (b >= 0x80)
            {
                NonAscii = true;
                p++;
                continue;
            }

            if (b != (byte)'\\')
            {
                return Fail(JsonFault.Syntax, p);
            }

            p = SkipEscape(p);
            if (p < 0)
            {
                return p;
            }
        }
    }

    private readonly int FindSpecialByte(int p)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            for (; p + Vector512<byte>.Count <= _length; p += Vector512<byte>.Count)
            {
                var v = Vector512.LoadUnsafe(ref _json, (nuint)p);
                var special = (Vector512.Equals(v, Vector512.Create((byte)'"')) | Vector512.Equals(v, Vector512.Create((byte)'\\'))
                    | Vector512.LessThan(v.AsSByte(), Vector512.Create((sbyte)0x20)).AsByte()).ExtractMostSignificantBits();
                if (special != 0)
                {
                    return p + BitOperations.TrailingZeroCount(special);
                }
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; p + Vector256<byte>.Count <= _length; p += Vector256<byte>.Count)
            {
                var special = FindSpecial(Vector256.LoadUnsafe(ref _json, (nuint)p));
                if (special != 0)
                {
                    return p + BitOperations.TrailingZeroCount(special);
                }
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            for (; p + Vector128<byte>.Count <= _length; p += Vector128<byte>.Count)
            {
                var v = Vector128.LoadUnsafe(ref _json, (nuint)p);
                var special = (Vector128.Equals(v, Vector128.Create((byte)'"')) | Vector128.Equals(v, Vector128.Create((byte)'\\'))
                    | Vector128.LessThan(v.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte()).ExtractMostSignificantBits();
                if (special != 0)
                {
                    return p + BitOperations.TrailingZeroCount(special);
                }
            }
        }

        while (p < _length && At(p) is not ((byte)'"' or (byte)'\\' or < 0x20 or >= 0x80))
        {
            p++;
        }

        return p;
    }

    // Once a byte beyond ASCII was seen there are mostly more, and they are not worth stopping for.
    private readonly int FindSpecialByteBeyondAscii(int p)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            for (; p + Vector256<byte>.Count <= _length; p += Vector256<byte>.Count)
            {
                var v = Vector256.LoadUnsafe(ref _json, (nuint)p);
                var special = (Vector256.Equals(v, Vector256.Create((byte)'"')) | Vector256.Equals(v, Vector256.Create((byte)'\\'))
                    | Vector256.LessThan(v, Vector256.Create((byte)0x20))).ExtractMostSignificantBits();
                if (special != 0)
                {
                    return p + BitOperations.TrailingZeroCount(special);
                }
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            for (; p + Vector128<byte>.Count <= _length; p += Vector128<byte>.Count)
            {
                var v = Vector128.LoadUnsafe(ref _json, (nuint)p);
                var special = (Vector128.Equals(v, Vector128.Create((byte)'"')) | Vector128.Equals(v, Vector128.Create((byte)'\\'))
                    | Vector128.LessThan(v, Vector128.Create((byte)0x20))).ExtractMostSignificantBits();
                if (special != 0)
                {
                    return p + BitOperations.TrailingZeroCount(special);
                }
            }
        }

        while (p < _length && At(p) is not ((byte)'"' or (byte)'\\' or < 0x20))
        {
            p++;
        }

        return p;
    }

    private int SkipEscape(int p)
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
