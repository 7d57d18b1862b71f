using System.Globalization;
using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Headers;

/// <summary>
/// Compares the headers of a call with the arguments that they mirror. Over HTTP both must agree (2026-07-28, Streamable HTTP, custom headers); other fronts have no headers.
/// Pure and thread-safe.
/// </summary>
internal static class HeaderJudge
{
    // The integers that a header may carry have 16 digits; a number beyond this is none of them.
    private const int LongestNumber = 64;

    /// <summary>Compares headers and arguments.</summary>
    /// <returns>False where the call was answered with -32020.</returns>
    internal static bool TryJudge(this ToolHeaders headers, McpExchange exchange)
    {
        if (!exchange.HasHeaders || exchange.Era != ProtocolEra.Stateless)
        {
            return true;
        }

        foreach (var header in headers.All)
        {
            if (Judge(header, exchange) is { } fault)
            {
                exchange.FailRequest(ErrorCodes.HeaderMismatch, $"Header mismatch: {fault}");
                return false;
            }
        }

        return true;
    }

    private static string? Judge(ToolHeader header, McpExchange exchange)
    {
        var arguments = exchange.Envelope.Arguments.Of(exchange.Body.Span);
        if (!ToolHeaders.TryFind(arguments, header.Path, out var argument))
        {
            return $"the argument \"{header.Argument}\", which the header {header.HeaderName} mirrors, is given twice";
        }

        var count = exchange.FindHeader(header.HeaderName, out var value);
        if (argument.IsEmpty || argument.SequenceEqual("null"u8))
        {
            return count == 0 ? null : $"the header {header.HeaderName} is given, but the argument \"{header.Argument}\" that it mirrors is not";
        }

        if (argument[0] is (byte)'{' or (byte)'[')
        {
            // No header can say the same; that the argument has the wrong type is the tool's to say.
            return count == 0 ? null : $"the header {header.HeaderName} is given, but the argument \"{header.Argument}\" is no text, integer or boolean";
        }

        return count switch
        {
            0 => $"the header {header.HeaderName} is required and must equal the argument \"{header.Argument}\"",
            1 when Equal(value, argument) => null,
            1 => $"the header {header.HeaderName} differs from the argument \"{header.Argument}\"",
            _ => $"the header {header.HeaderName} is given {count} times",
        };
    }

    private static bool Equal(string header, ReadOnlySpan<byte> argument)
    {
        if (argument[0] == (byte)'"')
        {
            var rented = PooledArrays.Rent<byte>(argument.Length);
            var equal = JsonText.TryGetContent(argument, rented, out var content) && HeaderValue.Matches(header, content);
            PooledArrays.Return(rented);
            return equal;
        }

        if (!HeaderValue.TryDecode(header, out var text))
        {
            return false;
        }

        return argument[0] is (byte)'t' or (byte)'f' ? Ascii.Equals(argument, text) : EqualNumbers(text, argument);
    }

    // 42.0 equals 42: what is compared is the number, not how it is written.
    private static bool EqualNumbers(string header, ReadOnlySpan<byte> argument)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (header.Length is 0 or > LongestNumber || argument.Length > LongestNumber || header[0] is not ('-' or (>= '0' and <= '9')))
        {
            return false;
        }

        return decimal.TryParse(header, Style, CultureInfo.InvariantCulture, out var left)
            && decimal.TryParse(argument, Style, CultureInfo.InvariantCulture, out var right)
            && left == right;
    }
}
