using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Peregrine.Server.Resources.Templates;

/// <summary>The characters of URIs (RFC 3986, section 2) and their percent-encoding. No state.</summary>
internal static class TemplateBytes
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";
    private const string GeneralDelimiters = ":/?#[]@";

    /// <summary>What a value may have that stands for one segment: an expansion has unreserved characters only, but people write others there without encoding them.</summary>
    internal const string Segment = Unreserved + SubDelimiters + ":@";

    /// <summary>What a value of <c>{+x}</c> may have.</summary>
    internal const string Reserved = Unreserved + SubDelimiters + GeneralDelimiters;

    /// <summary>The set of <paramref name="allowed"/> without <paramref name="excluded"/>, with everything beyond ASCII.</summary>
    internal static SearchValues<byte> Set(string allowed, string excluded)
    {
        Span<byte> set = stackalloc byte[256];
        var count = 0;
        foreach (var c in allowed)
        {
            if (!excluded.Contains(c, StringComparison.Ordinal))
            {
                set[count++] = (byte)c;
            }
        }

        for (var beyond = 128; beyond < 256; beyond++)
        {
            set[count++] = (byte)beyond;
        }

        return SearchValues.Create(set[..count]);
    }

    /// <summary>How many bytes the character at <paramref name="at"/> takes where a value may have it, else 0.</summary>
    internal static int Step(ReadOnlySpan<byte> uri, int at, SearchValues<byte> set)
    {
        if (at >= uri.Length)
        {
            return 0;
        }

        if (uri[at] != (byte)'%')
        {
            return set.Contains(uri[at]) ? 1 : 0;
        }

        return at + 2 < uri.Length && char.IsAsciiHexDigit((char)uri[at + 1]) && char.IsAsciiHexDigit((char)uri[at + 2]) ? 3 : 0;
    }

    /// <summary>Decodes percent-encoding; false where it is faulty or the result is not UTF-8.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> text, out string value)
    {
        value = "";
        if (!text.Contains((byte)'%'))
        {
            value = Encoding.UTF8.GetString(text);
            return true;
        }

        var decoded = text.Length <= 512 ? stackalloc byte[512] : new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != (byte)'%')
            {
                decoded[length++] = text[i];
            }
            else if (i + 2 < text.Length && Convert.FromHexString(text.Slice(i + 1, 2), decoded[length..], out _, out _) == OperationStatus.Done)
            {
                length++;
                i += 2;
            }
            else
            {
                return false;
            }
        }

        if (!Utf8.IsValid(decoded[..length]))
        {
            return false;
        }

        value = Encoding.UTF8.GetString(decoded[..length]);
        return true;
    }
}
