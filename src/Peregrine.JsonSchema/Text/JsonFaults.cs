using System.Globalization;

namespace Peregrine.JsonSchema.Text;

/// <summary>Faults of JSON texts in words.</summary>
internal static class JsonFaults
{
    public static string Describe(JsonFault fault, ReadOnlySpan<byte> json, int position, int maxDepth)
    {
        var at = $" at byte {position.ToString(CultureInfo.InvariantCulture)}";
        return fault switch
        {
            JsonFault.TooDeep => $"objects and arrays are nested deeper than {maxDepth}{at}.",
            JsonFault.InvalidUtf8 => $"the bytes are no UTF-8{at}.",
            JsonFault.UnexpectedEnd => $"it ends too early{at}.",
            JsonFault.InvalidString => $"a string holds a control character or an escape that JSON does not have{at}.",
            JsonFault.InvalidNumber => $"a number is not written as JSON writes numbers{at}.",
            JsonFault.TrailingBytes => $"something follows the value{at}.",
            _ => $"unexpected {Character(json, position)}{at}.",
        };
    }

    private static string Character(ReadOnlySpan<byte> json, int position)
    {
        if (position >= json.Length)
        {
            return "end";
        }

        return json[position] is > 0x20 and < 0x7F ? $"'{(char)json[position]}'" : $"byte 0x{json[position]:X2}";
    }
}
