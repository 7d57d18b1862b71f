using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Protocol.Text;

/// <summary>Looks members of raw JSON objects up without making anything. Pure and thread-safe.</summary>
internal static class JsonObject
{
    /// <summary>Finds the value of a member of an object that is known to be well-formed.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">The member's name, however it is escaped there.</param>
    /// <returns>The raw value of the first member with this name; empty where there is none, or <paramref name="json"/> is no object.</returns>
    internal static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var scanner = new JsonScanner(json);
        var p = scanner.SkipWhitespace(0);
        if (p >= json.Length || json[p] != (byte)'{')
        {
            return default;
        }

        while (true)
        {
            // Behind the brace or a comma. What is not well-formed ends the search.
            var start = scanner.SkipWhitespace(p + 1);
            if (start >= json.Length || json[start] != (byte)'"' || (p = scanner.SkipString(start)) < 0)
            {
                return default;
            }

            var isWanted = JsonText.ContentEquals(json[start..p], name);
            if ((p = scanner.SkipColon(p)) < 0 || (p = scanner.SkipValue(start = scanner.SkipWhitespace(p), EnvelopeReader.MaxDepth)) < 0)
            {
                return default;
            }

            if (isWanted)
            {
                return json[start..p];
            }

            p = scanner.SkipWhitespace(p);
            if (p >= json.Length || json[p] != (byte)',')
            {
                return default;
            }
        }
    }
}
