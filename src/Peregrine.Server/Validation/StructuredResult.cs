using System.Text.Json;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Validation;

/// <summary>Finds the structured content in a reply that was written.</summary>
internal static class StructuredResult
{
    // As deep as what writes results goes: how deep an instance may be is the schema's to say.
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>Looks at a reply.</summary>
    /// <param name="exchange">A call that has ended.</param>
    /// <param name="content">The structured content; empty where the result has none.</param>
    /// <returns>False where there is nothing to judge: an error, a failure of the tool, a question to the client, a result that is made while it is sent.</returns>
    internal static bool TryFind(McpExchange exchange, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (exchange.ErrorCode != 0 || exchange.IsToolError || exchange.IsCancelled || exchange.StreamedResult is not null)
        {
            return false;
        }

        var result = exchange.SharedResult.Span;
        if (result.IsEmpty && !TryFindMember(exchange.Reply.WrittenSpan, "result"u8, out result))
        {
            return false;
        }

        if (TryFindMember(result, "isError"u8, out var isError) && isError.SequenceEqual("true"u8))
        {
            return false;
        }

        // Absent before 2026-07-28; "input_required" is a question, and no result yet.
        if (TryFindMember(result, "resultType"u8, out var type) && !type.SequenceEqual("\"complete\""u8))
        {
            return false;
        }

        _ = TryFindMember(result, "structuredContent"u8, out content);
        return true;
    }

    private static bool TryFindMember(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(json, Deep);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = JsonText.TokenEquals(reader, name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isIt)
            {
                value = json[start..(int)reader.BytesConsumed];
                return true;
            }
        }

        value = default;
        return false;
    }
}
