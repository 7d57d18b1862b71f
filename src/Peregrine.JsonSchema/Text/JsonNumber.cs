using System.Numerics;
using System.Runtime.CompilerServices;

namespace Peregrine.JsonSchema.Text;

/// <summary>
/// The value of a JSON number without loss: sign, significant digits, power of ten. Looks at the literal's bytes; costs time in proportion to them, whatever the exponent.
/// </summary>
internal readonly ref struct JsonNumber
{
    // An exponent that no text can spell out in digits. Beyond it all exponents behave alike in every comparison and division.
    private const long MaxExponent = 1L << 60;

    private readonly ReadOnlySpan<byte> _digits;

    /// <summary>Reads a number literal that the tokenizer has checked.</summary>
    public JsonNumber(ReadOnlySpan<byte> literal)
    {
        IsNegative = literal[0] == '-';
        if (IsNegative)
        {
            literal = literal[1..];
        }

        var exponentAt = literal.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0L;
        if (exponentAt >= 0)
        {
            exponent = ReadExponent(literal[(exponentAt + 1)..]);
            literal = literal[..exponentAt];
        }

        var point = literal.IndexOf((byte)'.');
        if (point >= 0)
        {
            exponent -= literal.Length - point - 1;
        }

        var first = literal.IndexOfAnyExcept((byte)'0', (byte)'.');
        if (first < 0)
        {
            IsNegative = false;
            return;
        }

        var last = literal.LastIndexOfAnyExcept((byte)'0', (byte)'.');
        var dropped = literal.Length - 1 - last - (point > last ? 1 : 0);
        _digits = literal[first..(last + 1)];
        DigitCount = _digits.Length - (point > first && point < last ? 1 : 0);
        Exponent = exponent + dropped;
    }

    /// <summary>Below zero. Zero has no sign.</summary>
    public bool IsNegative { get; }

    /// <summary>Significant digits, without zeros at either end; 0 for zero.</summary>
    public int DigitCount { get; }

    /// <summary>Power of ten of the last significant digit.</summary>
    public long Exponent { get; }

    /// <summary>Whether the value has no fraction.</summary>
    public bool IsInteger => Exponent >= 0;

    /// <summary>The significant digits, perhaps with a point among them.</summary>
    private ReadOnlySpan<byte> Digits => _digits;

    /// <summary>A literal of at most 18 digits with neither fraction nor exponent, which nearly all are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryGetSmall(ReadOnlySpan<byte> literal, out long value)
    {
        value = 0;
        if (literal.Length > 18)
        {
            return false;
        }

        var negative = literal[0] == '-';
        for (var i = negative ? 1 : 0; i < literal.Length; i++)
        {
            var digit = (uint)(literal[i] - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        value = negative ? -value : value;
        return true;
    }

    /// <summary>Negative, zero or positive as <paramref name="left"/> is less than, equal to or greater than <paramref name="right"/>.</summary>
    public static int Compare(scoped in JsonNumber left, scoped in JsonNumber right)
    {
        var leftSign = left.Sign;
        var rightSign = right.Sign;
        if (leftSign != rightSign || leftSign == 0)
        {
            return leftSign.CompareTo(rightSign);
        }

        var magnitude = (left.Exponent + left.DigitCount).CompareTo(right.Exponent + right.DigitCount);
        return leftSign * (magnitude != 0 ? magnitude : CompareDigits(left.Digits, right.Digits));
    }

    /// <summary>A hash of the value: the same for <c>1</c>, <c>1.0</c> and <c>10e-1</c>.</summary>
    public int Hash()
    {
        var hash = default(HashCode);
        hash.Add(IsNegative);
        hash.Add(Exponent);
        foreach (var digit in _digits)
        {
            if (digit != '.')
            {
                hash.Add(digit);
            }
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether this is <paramref name="divisor"/> (above zero) times an integer.</summary>
    public bool IsMultipleOf(scoped in JsonNumber divisor)
    {
        if (DigitCount == 0)
        {
            return true;
        }

        // Neither digits end in zero: with the lower power of ten here, a factor of ten is missing that nothing can bring.
        var shift = Exponent - divisor.Exponent;
        if (shift < 0)
        {
            return false;
        }

        return divisor.DigitCount <= 18 ? IsMultipleOfSmall(divisor.SmallDigits(), shift) : IsMultipleOfLarge(divisor.Digits, shift);
    }

    private int Sign => DigitCount == 0 ? 0 : IsNegative ? -1 : 1;

    private static long ReadExponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == '-';
        var value = 0L;
        foreach (var digit in text[0] is (byte)'-' or (byte)'+' ? text[1..] : text)
        {
            value = Math.Min((value * 10) + (digit - '0'), MaxExponent / 16);
        }

        return negative ? -value : value;
    }

    private static int CompareDigits(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var l = 0;
        var r = 0;
        while (true)
        {
            l += l < left.Length && left[l] == '.' ? 1 : 0;
            r += r < right.Length && right[r] == '.' ? 1 : 0;
            if (l >= left.Length || r >= right.Length)
            {
                return (left.Length - l).CompareTo(right.Length - r);
            }

            if (left[l] != right[r])
            {
                return left[l].CompareTo(right[r]);
            }

            l++;
            r++;
        }
    }

    private ulong SmallDigits()
    {
        var value = 0UL;
        foreach (var digit in _digits)
        {
            value = digit == '.' ? value : (value * 10) + (uint)(digit - '0');
        }

        return value;
    }

    private bool IsMultipleOfSmall(ulong divisor, long shift)
    {
        UInt128 rest = 0;
        foreach (var digit in _digits)
        {
            rest = digit == '.' ? rest : ((rest * 10) + (uint)(digit - '0')) % divisor;
        }

        UInt128 power = 1;
        UInt128 square = 10 % divisor;
        for (; shift > 0; shift >>= 1)
        {
            power = (shift & 1) != 0 ? power * square % divisor : power;
            square = square * square % divisor;
        }

        return rest * power % divisor == 0;
    }

    /// <summary>For divisors of more than 18 digits. Allocates in proportion to the divisor.</summary>
    private bool IsMultipleOfLarge(ReadOnlySpan<byte> divisorDigits, long shift)
    {
        var divisor = ToInteger(divisorDigits);
        var rest = BigInteger.Zero;
        foreach (var digit in _digits)
        {
            rest = digit == '.' ? rest : ((rest * 10) + (digit - '0')) % divisor;
        }

        return (rest * BigInteger.ModPow(10, shift, divisor) % divisor).IsZero;
    }

    private static BigInteger ToInteger(ReadOnlySpan<byte> digits)
    {
        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            value = digit == '.' ? value : (value * 10) + (digit - '0');
        }

        return value;
    }
}
