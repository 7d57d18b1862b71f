using System.Buffers;

namespace Peregrine.JsonSchema.Formats;

/// <summary>URI templates, RFC 6570 section 2, with its erratum 6937: an apostrophe is a literal.</summary>
internal static class UriTemplateFormat
{
    private static readonly SearchValues<byte> s_notLiteral = SearchValues.Create("\"<>\\^`{|} \u007f"u8);
    private static readonly SearchValues<byte> s_name = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_."u8);

    public static bool IsTemplate(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var open = text.IndexOf((byte)'{');
            if (!IsLiteral(open < 0 ? text : text[..open]))
            {
                return false;
            }

            if (open < 0)
            {
                return true;
            }

            text = text[(open + 1)..];
            var close = text.IndexOf((byte)'}');
            if (close < 1 || !IsExpression(text[..close]))
            {
                return false;
            }

            text = text[(close + 1)..];
        }

        return true;
    }

    private static bool IsLiteral(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' ? i + 2 >= text.Length || !AddressFormats.IsHex(text.Slice(i + 1, 2)) : text[i] < 0x20 || s_notLiteral.Contains(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsExpression(ReadOnlySpan<byte> text)
    {
        if ("+#./;?&=,!@|"u8.Contains(text[0]))
        {
            text = text[1..];
        }

        foreach (var range in text.Split((byte)','))
        {
            if (!IsVariable(text[range]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsVariable(ReadOnlySpan<byte> text)
    {
        if (text is [.. var exploded, (byte)'*'])
        {
            text = exploded;
        }
        else if (text.IndexOf((byte)':') is >= 0 and var colon)
        {
            var length = text[(colon + 1)..];
            if (length.Length is < 1 or > 4 || length[0] == '0' || length.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            text = text[..colon];
        }

        return !text.IsEmpty && text[0] != '.' && text[^1] != '.' && text.IndexOf(".."u8) < 0 && UriFormats.Consists(text, s_name, false);
    }
}
