namespace Peregrine.JsonSchema.Formats;

/// <summary>Addresses: RFC 2673 section 3.2 and RFC 4291 section 2.2.</summary>
internal static class AddressFormats
{
    public static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        for (var part = 0; part < 4; part++)
        {
            var end = part < 3 ? text.IndexOf((byte)'.') : text.Length;
            if (end is < 1 or > 3 || text[..end].ContainsAnyExceptInRange((byte)'0', (byte)'9') || (end > 1 && text[0] == '0'))
            {
                return false;
            }

            if (end == 3 && text[..3].SequenceCompareTo("255"u8) > 0)
            {
                return false;
            }

            text = part < 3 ? text[(end + 1)..] : [];
        }

        return true;
    }

    public static bool IsIpv6(ReadOnlySpan<byte> text)
    {
        var groups = 0;
        var isCompressed = false;
        if (text.StartsWith("::"u8))
        {
            isCompressed = true;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            if (text.Contains((byte)'.') && text.IndexOf((byte)':') < 0)
            {
                return IsIpv4(text) && (isCompressed ? groups <= 5 : groups == 6);
            }

            var end = text.IndexOf((byte)':');
            var group = end < 0 ? text : text[..end];
            if (group.Length is < 1 or > 4 || !IsHex(group) || ++groups > 8)
            {
                return false;
            }

            if (end < 0)
            {
                break;
            }

            text = text[(end + 1)..];
            if (text.IsEmpty)
            {
                return false;
            }

            if (text[0] == ':')
            {
                if (isCompressed)
                {
                    return false;
                }

                isCompressed = true;
                text = text[1..];
            }
        }

        return isCompressed ? groups <= 7 : groups == 8;
    }

    public static bool IsHex(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (!char.IsAsciiHexDigit((char)b))
            {
                return false;
            }
        }

        return true;
    }
}
