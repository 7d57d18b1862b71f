using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Peregrine.Protocol.Text;

/// <summary>
/// Walks JSON and judges its syntax without building anything: RFC 8259 strictly, no comments, no trailing commas. Replaces
/// <c>Utf8JsonReader</c> where only the places of a few members are wanted: it keeps no token state and skips values in one loop
/// (measured: docs/performance.md, "Envelope"). UTF-8 is not checked here, but <see cref="NonAscii"/> tells whether there is any to check.
/// </summary>
/// <remarks>
/// Methods take and give offsets. A negative result means a fault; <see cref="Fault"/> and <see cref="FaultOffset"/> tell which.
/// Bytes are read by reference arithmetic, each behind a comparison with the length.
/// </remarks>
internal ref partial struct JsonScanner(ReadOnlySpan<byte> json)
{
    private readonly ref byte _json = ref MemoryMarshal.GetReference(json);
    private readonly int _length = json.Length;

    /// <summary>The fault that made a method answer with a negative offset.</summary>
    public JsonFault Fault { get; private set; }

    /// <summary>Where the fault was seen.</summary>
    public int FaultOffset { get; private set; }

    /// <summary>True where a string that was skipped holds bytes beyond ASCII. (Outside strings they are a fault.)</summary>
    public bool NonAscii { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte At(int p) => Unsafe.Add(ref _json, p);

    /// <summary>The offset of the first byte at or behind <paramref name="p"/> that is not white space; the length at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int SkipWhitespace(int p)
    {
        // Messages are nearly always compact, so the first look decides.
        return p < _length && At(p) > (byte)' ' ? p : SkipWhitespaceSlow(p);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly int SkipWhitespaceSlow(int p)
    {
        while (p < _length && At(p) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            p++;
        }

        return p;
    }

    /// <summary>Skips the value that begins at <paramref name="p"/> (white space before it is skipped too).</summary>
    /// <param name="p">Where to begin.</param>
    /// <param name="depth">How many containers may still be opened, 64 at most.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SkipValue(int p, int depth) => p < _length && At(p) == (byte)'"' ? SkipString(p) : SkipOther(p, depth);

    private int SkipOther(int p, int depth)
    {
        p = SkipWhitespace(p);
        if (p >= _length)
        {
            return Fail(JsonFault.Truncated, _length);
        }

        var b = At(p);
        if ((uint)(b - '1') <= 8)
        {
            return SkipNumberFast(p);
        }

        if (b is not ((byte)'{' or (byte)'['))
        {
            return SkipScalar(p);
        }

        // The fast way answers only where nothing is wrong. What is wrong is found by walking once more.
        var end = SkipContainerFast(p, depth);
        return end >= 0 ? end : SkipContainer(p, depth);
    }

    private int SkipScalar(int p)
    {
        var b = At(p);
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
        ulong objects = 0;
        var open = 0;
        while (true)
        {
            // At a value.
            p = SkipWhitespace(p);
            if (p >= _length)
            {
                return Fail(JsonFault.Truncated, _length);
            }

            var b = At(p);
            if (b is (byte)'{' or (byte)'[')
            {
                if (open >= depth)
                {
                    return Fail(JsonFault.TooDeep, p);
                }

                open++;
                objects = (objects << 1) | (b == (byte)'{' ? 1UL : 0UL);
                p = SkipWhitespace(p + 1);
                if (p >= _length)
                {
                    return Fail(JsonFault.Truncated, _length);
                }

                if (At(p) != b + 2)
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
        while (open > 0)
        {
            p = SkipWhitespace(p);
            if (p >= _length)
            {
                return Fail(JsonFault.Truncated, _length);
            }

            var b = At(p);
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
    private int SkipName(int p)
    {
        if (p >= _length)
        {
            return Fail(JsonFault.Truncated, _length);
        }

        if (At(p) != (byte)'"')
        {
            return Fail(JsonFault.Syntax, p);
        }

        p = SkipString(p);
        return p < 0 ? p : SkipColon(p);
    }

    /// <summary>Skips white space and the colon that must follow at <paramref name="p"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SkipColon(int p) => p < _length && At(p) == (byte)':' ? p + 1 : SkipColonSlow(p);

    private int SkipColonSlow(int p)
    {
        p = SkipWhitespace(p);
        if (p >= _length)
        {
            return Fail(JsonFault.Truncated, _length);
        }

        return At(p) == (byte)':' ? p + 1 : Fail(JsonFault.Syntax, p);
    }

    private int SkipLiteral(int p, ReadOnlySpan<byte> literal)
    {
        var rest = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _json, p), _length - p);
        if (rest.StartsWith(literal))
        {
            return p + literal.Length;
        }

        return literal.StartsWith(rest) ? Fail(JsonFault.Truncated, _length) : Fail(JsonFault.Syntax, p);
    }

    private int SkipNumber(int p)
    {
        if (At(p) == (byte)'-')
        {
            p++;
        }

        if (p < _length && At(p) == (byte)'0')
        {
            p++;
        }
        else if ((p = SkipDigits(p)) < 0)
        {
            return p;
        }

        if (p < _length && At(p) == (byte)'.' && (p = SkipDigits(p + 1)) < 0)
        {
            return p;
        }

        if (p < _length && (At(p) | 0x20) == (byte)'e')
        {
            p++;
            if (p < _length && At(p) is (byte)'+' or (byte)'-')
            {
                p++;
            }

            return SkipDigits(p);
        }

        return p;
    }

    private int SkipDigits(int p)
    {
        var start = p;
        while (p < _length && (uint)(At(p) - '0') <= 9)
        {
            p++;
        }

        return p > start ? p : p >= _length ? Fail(JsonFault.Truncated, p) : Fail(JsonFault.Syntax, p);
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
