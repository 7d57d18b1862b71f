using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Protocol.Text;

/// <summary>
/// Walks JSON and judges its syntax without building anything: RFC 8259 strictly, no comments, no trailing commas. Replaces
/// <c>Utf8JsonReader</c> where only the places of a few members are wanted: it keeps no token state and skips values in one loop
/// (measured: docs/performance.md, "Envelope"). UTF-8 is not checked here; the caller validates the whole message once.
/// </summary>
/// <remarks>Methods take and give offsets. A negative result means a fault; <see cref="Fault"/> and <see cref="FaultOffset"/> tell which.</remarks>
internal ref struct JsonScanner(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>The fault that made a method answer with a negative offset.</summary>
    public JsonFault Fault { get; private set; }

    /// <summary>Where the fault was seen.</summary>
    public int FaultOffset { get; private set; }

    /// <summary>The offset of the first byte at or behind <paramref name="p"/> that is not white space; the length at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int SkipWhitespace(int p)
    {
        // Messages are nearly always compact, so the first look decides.
        return (uint)p < (uint)_json.Length && _json[p] > (byte)' ' ? p : SkipWhitespaceSlow(p);
    }

    private readonly int SkipWhitespaceSlow(int p)
    {
        var json = _json;
        while ((uint)p < (uint)json.Length && json[p] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            p++;
        }

        return p;
    }

    /// <summary>Skips the string whose opening quote is at <paramref name="p"/>; gives the offset behind its closing quote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SkipString(int p)
    {
        var json = _json;
        p++;
        if (Vector128.IsHardwareAccelerated && p + Vector128<byte>.Count <= json.Length)
        {
            var special = FindSpecial(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(json), (nuint)p));
            if (special != 0)
            {
                p += BitOperations.TrailingZeroCount(special);
                if (json[p] == (byte)'"')
                {
                    return p + 1;
                }
            }
            else
            {
                p += Vector128<byte>.Count;
            }
        }

        return SkipStringSlow(p);
    }

    private int SkipStringSlow(int p)
    {
        var json = _json;
        while (true)
        {
            p = FindSpecialByte(json, p);
            if (p >= json.Length)
            {
                return Fail(JsonFault.Truncated, json.Length);
            }

            var b = json[p];
            if (b == (byte)'"')
            {
                return p + 1;
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

    private static int FindSpecialByte(ReadOnlySpan<byte> json, int p)
    {
        ref var start = ref MemoryMarshal.GetReference(json);
        if (Vector256.IsHardwareAccelerated)
        {
            while (p + Vector256<byte>.Count <= json.Length)
            {
                var v = Vector256.LoadUnsafe(ref start, (nuint)p);
                var special = (Vector256.Equals(v, Vector256.Create((byte)'"')) | Vector256.Equals(v, Vector256.Create((byte)'\\'))
                    | Vector256.LessThan(v, Vector256.Create((byte)0x20))).ExtractMostSignificantBits();
                if (special != 0)
                {
                    return p + BitOperations.TrailingZeroCount(special);
                }

                p += Vector256<byte>.Count;
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            while (p + Vector128<byte>.Count <= json.Length)
            {
                var special = FindSpecial(Vector128.LoadUnsafe(ref start, (nuint)p));
                if (special != 0)
                {
                    return p + BitOperations.TrailingZeroCount(special);
                }

                p += Vector128<byte>.Count;
            }
        }

        while (p < json.Length && json[p] is not ((byte)'"' or (byte)'\\' or < 0x20))
        {
            p++;
        }

        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindSpecial(Vector128<byte> v) =>
        (Vector128.Equals(v, Vector128.Create((byte)'"')) | Vector128.Equals(v, Vector128.Create((byte)'\\'))
            | Vector128.LessThan(v, Vector128.Create((byte)0x20))).ExtractMostSignificantBits();

    private int SkipEscape(int p)
    {
        var json = _json;
        if (p + 1 >= json.Length)
        {
            return Fail(JsonFault.Truncated, json.Length);
        }

        if (json[p + 1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            return p + 2;
        }

        if (json[p + 1] != (byte)'u')
        {
            return Fail(JsonFault.Syntax, p + 1);
        }

        for (var i = p + 2; i < p + 6; i++)
        {
            if (i >= json.Length)
            {
                return Fail(JsonFault.Truncated, json.Length);
            }

            if (!char.IsAsciiHexDigit((char)json[i]))
            {
                return Fail(JsonFault.Syntax, i);
            }
        }

        return p + 6;
    }

    /// <summary>Skips the value that begins at <paramref name="p"/> (white space before it is skipped too).</summary>
    /// <param name="p">Where to begin.</param>
    /// <param name="depth">How many containers may still be opened, 64 at most.</param>
    public int SkipValue(int p, int depth)
    {
        p = SkipWhitespace(p);
        if ((uint)p >= (uint)_json.Length)
        {
            return Fail(JsonFault.Truncated, _json.Length);
        }

        return _json[p] is (byte)'{' or (byte)'[' ? SkipContainer(p, depth) : SkipScalar(p);
    }

    private int SkipScalar(int p)
    {
        var b = _json[p];
        if (b == (byte)'"')
        {
            return SkipString(p);
        }

        if (b == (byte)'-' || (uint)(b - '0') <= 9)
        {
            return SkipNumber(p);
        }

        return b switch
        {
            (byte)'t' => SkipLiteral(p, "true"u8),
            (byte)'f' => SkipLiteral(p, "false"u8),
            (byte)'n' => SkipLiteral(p, "null"u8),
            _ => Fail(JsonFault.Syntax, p),
        };
    }

    // One loop for any nesting: a bit per open container says whether it is an object. Recursion would spend a stack frame a level.
    private int SkipContainer(int p, int depth)
    {
        var json = _json;
        ulong objects = 0;
        var open = 0;
        while (true)
        {
            // At a value.
            p = SkipWhitespace(p);
            if ((uint)p >= (uint)json.Length)
            {
                return Fail(JsonFault.Truncated, json.Length);
            }

            var b = json[p];
            if (b is (byte)'{' or (byte)'[')
            {
                if (open >= depth)
                {
                    return Fail(JsonFault.TooDeep, p);
                }

                open++;
                objects = (objects << 1) | (b == (byte)'{' ? 1UL : 0UL);
                p = SkipWhitespace(p + 1);
                if ((uint)p >= (uint)json.Length)
                {
                    return Fail(JsonFault.Truncated, json.Length);
                }

                if (json[p] != b + 2)
                {
                    if ((objects & 1) != 0 && (p = SkipName(p)) < 0)
                    {
                        return p;
                    }

                    continue;
                }

                // '{' + 2 is '}', '[' + 2 is ']': an empty container, closed below.
            }
            else
            {
                p = SkipScalar(p);
                if (p < 0)
                {
                    return p;
                }
            }

            p = SkipClosers(p, ref objects, ref open);
            if (p < 0 || open == 0)
            {
                return p;
            }
        }
    }

    // Behind a value: closes what ends here, and moves behind the comma (and the name) of what goes on.
    private int SkipClosers(int p, ref ulong objects, ref int open)
    {
        var json = _json;
        while (open > 0)
        {
            p = SkipWhitespace(p);
            if ((uint)p >= (uint)json.Length)
            {
                return Fail(JsonFault.Truncated, json.Length);
            }

            var b = json[p];
            var isObject = (objects & 1) != 0;
            if (b == (byte)',')
            {
                return isObject ? SkipName(SkipWhitespace(p + 1)) : p + 1;
            }

            if (b != (isObject ? (byte)'}' : (byte)']'))
            {
                return Fail(JsonFault.Syntax, p);
            }

            p++;
            objects >>= 1;
            open--;
        }

        return p;
    }

    /// <summary>Skips the member name whose quote must be at <paramref name="p"/>, and the colon behind it.</summary>
    public int SkipName(int p)
    {
        var json = _json;
        if ((uint)p >= (uint)json.Length)
        {
            return Fail(JsonFault.Truncated, json.Length);
        }

        if (json[p] != (byte)'"')
        {
            return Fail(JsonFault.Syntax, p);
        }

        p = SkipString(p);
        return p < 0 ? p : SkipColon(p);
    }

    /// <summary>Skips white space and the colon that must follow at <paramref name="p"/>.</summary>
    public int SkipColon(int p)
    {
        p = SkipWhitespace(p);
        if ((uint)p >= (uint)_json.Length)
        {
            return Fail(JsonFault.Truncated, _json.Length);
        }

        return _json[p] == (byte)':' ? p + 1 : Fail(JsonFault.Syntax, p);
    }

    private int SkipLiteral(int p, ReadOnlySpan<byte> literal)
    {
        var rest = _json[p..];
        if (rest.StartsWith(literal))
        {
            return p + literal.Length;
        }

        return literal.StartsWith(rest) ? Fail(JsonFault.Truncated, _json.Length) : Fail(JsonFault.Syntax, p);
    }

    private int SkipNumber(int p)
    {
        var json = _json;
        if (json[p] == (byte)'-')
        {
            p++;
        }

        if ((uint)p < (uint)json.Length && json[p] == (byte)'0')
        {
            p++;
        }
        else if ((p = SkipDigits(p)) < 0)
        {
            return p;
        }

        if ((uint)p < (uint)json.Length && json[p] == (byte)'.' && (p = SkipDigits(p + 1)) < 0)
        {
            return p;
        }

        if ((uint)p < (uint)json.Length && (json[p] | 0x20) == (byte)'e')
        {
            p++;
            if ((uint)p < (uint)json.Length && json[p] is (byte)'+' or (byte)'-')
            {
                p++;
            }

            return SkipDigits(p);
        }

        return p;
    }

    private int SkipDigits(int p)
    {
        var json = _json;
        var start = p;
        while ((uint)p < (uint)json.Length && (uint)(json[p] - '0') <= 9)
        {
            p++;
        }

        return p > start ? p : p >= json.Length ? Fail(JsonFault.Truncated, p) : Fail(JsonFault.Syntax, p);
    }

    /// <summary>Records a fault.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Fail(JsonFault fault, int offset)
    {
        Fault = fault;
        FaultOffset = offset;
        return -1;
    }
}
