using System.Text.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Gateway.Bridging;

/// <summary>What the gateway must know of a result. Found by a search for the few names that matter; only where one occurs is the result read.</summary>
internal readonly struct ResultFacts
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128 };

    /// <summary>The tool says that it failed.</summary>
    internal bool IsToolError { get; private init; }

    /// <summary>The result says what kind of result it is.</summary>
    internal bool HasResultType { get; private init; }

    /// <summary>The upstream asks for input (2026-07-28).</summary>
    internal bool IsInputRequired { get; private init; }

    /// <summary>Where the value of <c>_meta</c> lies.</summary>
    internal JsonRange Meta { get; private init; }

    /// <summary>True where a raw JSON object says that the tool failed. One without that member, as most are, is not read for it.</summary>
    internal static bool SaysToolError(ReadOnlySpan<byte> result) => result.IndexOf("\"isError\""u8) >= 0 && Read(result).IsToolError;

    /// <summary>Reads the facts of a raw JSON object.</summary>
    internal static ResultFacts Read(ReadOnlySpan<byte> result)
    {
        // Text within strings cannot match: there its quotes are escaped. A name written with escapes is not found, and then is none of ours.
        if (result.IndexOf("\"isError\""u8) < 0 && result.IndexOf("\"_meta\""u8) < 0 && result.IndexOf("\"resultType\""u8) < 0)
        {
            return default;
        }

        var isError = false;
        var hasType = false;
        var isInput = false;
        var meta = default(JsonRange);
        var reader = new Utf8JsonReader(result, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var errorMember = JsonText.TokenEquals(reader, "isError"u8);
            var typeMember = JsonText.TokenEquals(reader, "resultType"u8);
            var metaMember = JsonText.TokenEquals(reader, "_meta"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            isError |= errorMember && reader.TokenType == JsonTokenType.True;
            hasType |= typeMember;
            isInput |= typeMember && reader.TokenType == JsonTokenType.String && JsonText.TokenEquals(reader, "input_required"u8);
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            meta = metaMember && isObject ? new JsonRange(start, (int)reader.BytesConsumed - start) : meta;
        }

        return new ResultFacts { IsToolError = isError, HasResultType = hasType, IsInputRequired = isInput, Meta = meta };
    }
}
