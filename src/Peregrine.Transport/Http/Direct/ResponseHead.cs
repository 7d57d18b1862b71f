using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Peregrine.Transport.Http.Direct;

/// <summary>What the head of an HTTP/1.1 response says, as far as it decides how the body is read (RFC 9112). Pure.</summary>
internal struct ResponseHead
{
    // More digits than any length that is taken has.
    private const int MaxLengthDigits = 18;

    private static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    private static ReadOnlySpan<byte> EndOfLine => "\r\n"u8;

    /// <summary>The status code.</summary>
    internal int StatusCode { get; private set; }

    /// <summary>Bytes of the body; -1 where no header says.</summary>
    internal long ContentLength { get; private set; }

    /// <summary>True where the body comes in chunks.</summary>
    internal bool IsChunked { get; private set; }

    /// <summary>True where the server closes the connection after the body.</summary>
    internal bool Closes { get; private set; }

    /// <summary>True where the body is JSON as it is, without a coding around it.</summary>
    internal bool IsPlainJson { get; private set; }

    /// <summary>For how long the server keeps an idle connection; zero where it does not say.</summary>
    internal TimeSpan KeepAlive { get; private set; }

    /// <summary>True where the response says which codings the server takes.</summary>
    internal bool NamesEncodings { get; private set; }

    /// <summary>True where the body has no end of its own but that of the connection.</summary>
    internal readonly bool EndsWithConnection => !IsChunked && ContentLength < 0 && HasBody;

    private readonly bool HasBody => StatusCode is not 204 and not 304;

    /// <summary>The length of a head, its last line break included; -1 where it is not all there.</summary>
    internal static int FindEnd(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf(EndOfHead);
        return at < 0 ? -1 : at + EndOfHead.Length;
    }

    /// <summary>True where a whole head announces another one: its status is 1xx.</summary>
    internal static bool IsInterim(ReadOnlySpan<byte> head) => head.Length > 9 && head[9] == '1';

    /// <summary>Reads a whole head.</summary>
    /// <param name="bytes">From the status line to the empty line.</param>
    /// <param name="head">What it says.</param>
    /// <returns>False where it is no head of HTTP/1, or says two things about where the body ends: then nothing on this connection can be trusted.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out ResponseHead head)
    {
        head = new ResponseHead { ContentLength = -1 };
        var end = bytes.IndexOf(EndOfLine);
        if (end < 12 || !bytes.StartsWith("HTTP/1."u8) || bytes[8] != ' ' || !Utf8Parser.TryParse(bytes[9..12], out int status, out var digits) || digits != 3 || status < 100)
        {
            return false;
        }

        head.StatusCode = status;
        head.Closes = bytes[7] == '0';
        var isJson = false;
        var isCoded = false;
        for (var rest = bytes[(end + 2)..]; !rest.StartsWith(EndOfLine); rest = rest[(end + 2)..])
        {
            end = rest.IndexOf(EndOfLine);
            var colon = end < 0 ? -1 : rest[..end].IndexOf((byte)':');
            if (colon <= 0 || rest[0] is (byte)' ' or (byte)'\t' || !head.TryTake(rest[..colon], rest[(colon + 1)..end].Trim(" \t"u8), ref isJson, ref isCoded))
            {
                return false;
            }
        }

        head.IsPlainJson = isJson && !isCoded;
        return !(head.IsChunked && head.ContentLength >= 0);
    }

    /// <summary>The same response as an object of the framework, for what is not read here.</summary>
    /// <param name="bytes">The head.</param>
    /// <param name="content">Its body.</param>
    internal static HttpResponseMessage ToMessage(ReadOnlySpan<byte> bytes, Stream content)
    {
        TryRead(bytes, out var head);
        var response = new HttpResponseMessage((HttpStatusCode)head.StatusCode) { Content = new StreamContent(content) };
        var end = bytes.IndexOf(EndOfLine);
        for (var rest = bytes[(end + 2)..]; !rest.StartsWith(EndOfLine); rest = rest[(end + 2)..])
        {
            end = rest.IndexOf(EndOfLine);
            var colon = rest.IndexOf((byte)':');
            var name = Encoding.Latin1.GetString(rest[..colon]);
            var value = Encoding.Latin1.GetString(rest[(colon + 1)..end].Trim(" \t"u8));
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    private bool TryTake(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref bool isJson, ref bool isCoded)
    {
        switch (name.Length)
        {
            case 14 when Is(name, "content-length"u8):
                if (value.Length is 0 or > MaxLengthDigits || !Utf8Parser.TryParse(value, out long length, out var used) || used != value.Length || length < 0
                    || (ContentLength >= 0 && ContentLength != length))
                {
                    return false;
                }

                ContentLength = length;
                break;
            case 17 when Is(name, "transfer-encoding"u8):
                IsChunked = Is(value, "chunked"u8);
                return IsChunked;
            case 12 when Is(name, "content-type"u8):
                isJson = value.Length >= 16 && Is(value[..16], "application/json"u8) && (value.Length == 16 || value[16] is (byte)';' or (byte)' ');
                break;
            case 16 when Is(name, "content-encoding"u8):
                isCoded = true;
                break;
            case 15 when Is(name, "accept-encoding"u8):
                NamesEncodings = true;
                break;
            case 10 when Is(name, "connection"u8):
                Closes = Contains(value, "close"u8) || (Closes && !Contains(value, "keep-alive"u8));
                break;
            case 10 when Is(name, "keep-alive"u8):
                KeepAlive = ReadTimeout(value);
                break;
        }

        return true;
    }

    private static TimeSpan ReadTimeout(ReadOnlySpan<byte> value)
    {
        const int Longest = 1_000_000;
        var at = value.IndexOf("timeout="u8);
        return at >= 0 && Utf8Parser.TryParse(value[(at + 8)..], out int seconds, out _) && seconds is >= 0 and < Longest ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowercase) => Ascii.EqualsIgnoreCase(text, lowercase);

    private static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> lowercase)
    {
        for (var at = 0; at + lowercase.Length <= list.Length; at++)
        {
            if (Is(list.Slice(at, lowercase.Length), lowercase))
            {
                return true;
            }
        }

        return false;
    }
}
