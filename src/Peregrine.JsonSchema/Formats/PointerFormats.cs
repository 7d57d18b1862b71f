using System.Text;
using Peregrine.JsonSchema.Patterns;

namespace Peregrine.JsonSchema.Formats;

/// <summary>JSON pointers (RFC 6901), relative ones, UUIDs (RFC 4122) and regular expressions (ECMA-262).</summary>
internal static class PointerFormats
{
    public static bool IsPointer(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != '/')
        {
            return false;
        }

        for (var tilde = text.IndexOf((byte)'~'); tilde >= 0; tilde = text.IndexOf((byte)'~'))
        {
            if (tilde + 1 == text.Length || text[tilde + 1] is not ((byte)'0' or (byte)'1'))
            {
                return false;
            }

            text = text[(tilde + 2)..];
        }

        return true;
    }

    public static bool IsRelativePointer(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        end = end < 0 ? text.Length : end;
        return end > 0 && (end == 1 || text[0] != '0') && (text[end..] is [(byte)'#'] || IsPointer(text[end..]));
    }

    public static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != 36)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit((char)text[i]))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsRegex(ReadOnlySpan<byte> text)
    {
        try
        {
            _ = EcmaPattern.Compile(Encoding.UTF8.GetString(text), TimeSpan.FromSeconds(1));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
