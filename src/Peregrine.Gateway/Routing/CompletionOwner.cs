using System.Text.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Gateway.Routing;

/// <summary>Finds what a <c>completion/complete</c> is about, and where in the message that stands.</summary>
internal readonly record struct CompletionOwner(bool IsPrompt, JsonRange Key)
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    /// <summary>Reads <c>params.ref</c>.</summary>
    /// <param name="message">The whole message, judged before.</param>
    /// <param name="parameters">Where its params lie.</param>
    /// <param name="owner">What was found.</param>
    /// <returns>False where there is no proper <c>ref</c>.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> message, JsonRange parameters, out CompletionOwner owner)
    {
        owner = default;
        var reader = new Utf8JsonReader(parameters.Of(message), ReaderOptions);
        if (!parameters.IsPresent || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReference = JsonText.TokenEquals(reader, "ref"u8);
            reader.Read();
            if (isReference)
            {
                return reader.TokenType == JsonTokenType.StartObject && TryReadReference(ref reader, parameters.Start, out owner);
            }

            reader.Skip();
        }

        return false;
    }

    private static bool TryReadReference(ref Utf8JsonReader reader, int offset, out CompletionOwner owner)
    {
        bool isPrompt = false, isResource = false;
        JsonRange name = default, uri = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = JsonText.TokenEquals(reader, "type"u8);
            var isName = JsonText.TokenEquals(reader, "name"u8);
            var isUri = JsonText.TokenEquals(reader, "uri"u8);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }

            var place = new JsonRange(offset + (int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
            isPrompt |= isType && JsonText.TokenEquals(reader, "ref/prompt"u8);
            isResource |= isType && JsonText.TokenEquals(reader, "ref/resource"u8);
            name = isName ? place : name;
            uri = isUri ? place : uri;
        }

        owner = new CompletionOwner(isPrompt, isPrompt ? name : uri);
        return isPrompt != isResource && owner.Key.IsPresent;
    }
}
