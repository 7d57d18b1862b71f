using System.Text.Json;

namespace Peregrine.Server.Subscriptions;

/// <summary>What a session is subscribed to, as bytes that survive a restart: a JSON array of whether its client was ready, and the URIs.</summary>
internal static class SubscriptionRecord
{
    internal static byte[] Write(bool isInitialized, IReadOnlyList<string> uris)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartArray();
            writer.WriteBooleanValue(isInitialized);
            foreach (var uri in uris)
            {
                writer.WriteStringValue(uri);
            }

            writer.WriteEndArray();
        }

        return text.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; what another version wrote differently counts as nothing.</summary>
    internal static (bool IsInitialized, IReadOnlyList<string> Uris) Read(ReadOnlySpan<byte> record)
    {
        List<string> uris = [];
        try
        {
            var reader = new Utf8JsonReader(record);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            {
                return (false, []);
            }

            var isInitialized = reader.TokenType == JsonTokenType.True;
            while (reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                uris.Add(reader.GetString()!);
            }

            return (isInitialized, uris);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (false, []);
        }
    }
}
