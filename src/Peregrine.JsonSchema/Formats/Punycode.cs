namespace Peregrine.JsonSchema.Formats;

/// <summary>Punycode, RFC 3492.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 128;

    /// <summary>Decodes what follows <c>xn--</c> (section 6.2).</summary>
    public static bool TryDecode(ReadOnlySpan<int> text, Span<int> decoded, out int length)
    {
        var delimiter = text.LastIndexOf('-');
        length = Math.Max(delimiter, 0);
        text[..length].CopyTo(decoded);
        text = text[(delimiter + 1)..];
        var (n, i, bias) = (InitialN, 0L, InitialBias);
        while (!text.IsEmpty)
        {
            var old = i;
            var weight = 1L;
            for (var k = Base; ; k += Base)
            {
                var digit = text.IsEmpty ? -1 : Digit(text[0]);
                if (digit < 0)
                {
                    return false;
                }

                text = text[1..];
                i += digit * weight;
                var threshold = Math.Clamp(k - bias, TMin, TMax);
                if (digit < threshold)
                {
                    break;
                }

                weight *= Base - threshold;
                if (i > int.MaxValue || weight > int.MaxValue)
                {
                    return false;
                }
            }

            bias = Adapt(i - old, length + 1, old == 0);
            n += (int)(i / (length + 1));
            i %= length + 1;
            if (n is < 0 or > 0x10FFFF || length == decoded.Length)
            {
                return false;
            }

            decoded[(int)i..length].CopyTo(decoded[((int)i + 1)..]);
            decoded[(int)i++] = n;
            length++;
        }

        return length > 0;
    }

    /// <summary>How long a label is when encoded (section 6.3), without <c>xn--</c>.</summary>
    public static int EncodedLength(ReadOnlySpan<int> label)
    {
        var basic = label.Length - CountAtLeast(label, InitialN);
        var length = basic + (basic > 0 ? 1 : 0);
        var (n, delta, bias, handled) = (InitialN, 0L, InitialBias, basic);
        while (handled < label.Length)
        {
            var next = int.MaxValue;
            foreach (var codePoint in label)
            {
                next = codePoint >= n && codePoint < next ? codePoint : next;
            }

            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (var codePoint in label)
            {
                delta += codePoint < n ? 1 : 0;
                if (codePoint == n)
                {
                    length += Digits(delta, bias);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            n++;
        }

        return length;
    }

    private static int CountAtLeast(ReadOnlySpan<int> label, int least)
    {
        var count = 0;
        foreach (var codePoint in label)
        {
            count += codePoint >= least ? 1 : 0;
        }

        return count;
    }

    private static int Digits(long delta, int bias)
    {
        var digits = 1;
        for (var k = Base; ; k += Base, digits++)
        {
            var threshold = Math.Clamp(k - bias, TMin, TMax);
            if (delta < threshold)
            {
                return digits;
            }

            delta = (delta - threshold) / (Base - threshold);
        }
    }

    private static int Adapt(long delta, int points, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / points;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
        {
            delta /= Base - TMin;
        }

        return k + (int)((Base - TMin + 1) * delta / (delta + Skew));
    }

    private static int Digit(int c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '0' and <= '9' => c - '0' + 26,
        _ => -1,
    };
}
