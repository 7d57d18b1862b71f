using System.Text.Json;

namespace Peregrine.Gateway.Policies;

/// <summary>What a server says that keeps keys of calls itself (<c>capabilities.experimental.mcp_tx</c>, or <c>rmcp</c> as it was called before). Immutable.</summary>
/// <param name="Epoch">Names what its ledger remembers; null where it does not say.</param>
internal sealed record TransactionOffer(string? Epoch)
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    /// <summary>Reads the capabilities; null where they say nothing of it. Being there is what counts.</summary>
    internal static TransactionOffer? Read(ReadOnlySpan<byte> capabilities)
    {
        if (capabilities.IndexOf("\"mcp_tx\""u8) < 0 && capabilities.IndexOf("\"rmcp\""u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(capabilities, ReaderOptions);
        reader.Read();
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("experimental"u8))
            {
                reader.Read();
                return reader.TokenType == JsonTokenType.StartObject ? Find(ref reader) : null;
            }
        }

        return null;
    }

    private static TransactionOffer? Find(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mcp_tx"u8) || reader.ValueTextEquals("rmcp"u8))
            {
                reader.Read();
                return new TransactionOffer(reader.TokenType == JsonTokenType.StartObject ? ReadEpoch(ref reader) : null);
            }

            reader.Read();
            reader.Skip();
        }

        return null;
    }

    private static string? ReadEpoch(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("epoch"u8);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length is > 0 and <= 128 ? reader.GetString() : null;
            }

            reader.Skip();
        }

        return null;
    }
}
