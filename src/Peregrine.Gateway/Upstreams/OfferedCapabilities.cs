using System.Text.Json;

namespace Peregrine.Gateway.Upstreams;

/// <summary>Reads what a server says it offers.</summary>
internal static class OfferedCapabilities
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    /// <summary>True where the raw JSON object has the member, and it is an object.</summary>
    internal static bool Has(ReadOnlySpan<byte> capabilities, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(capabilities, ReaderOptions);
        if (capabilities.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isNamed = reader.ValueTextEquals(name);
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (isNamed)
            {
                return isObject;
            }
        }

        return false;
    }
}
