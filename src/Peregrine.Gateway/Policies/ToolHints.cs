using System.Text.Json;

namespace Peregrine.Gateway.Policies;

/// <summary>What a server says that its tool does. A value.</summary>
/// <param name="ReadOnly">It changes nothing (<c>readOnlyHint</c>).</param>
/// <param name="Idempotent">Called twice it does no more than called once (<c>idempotentHint</c>).</param>
internal readonly record struct ToolHints(bool ReadOnly, bool Idempotent)
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 128, AllowTrailingCommas = true };

    /// <summary>Reads <c>annotations</c> of a tool.</summary>
    /// <param name="members">The tool's members, raw, each with a comma before it.</param>
    internal static ToolHints Read(ReadOnlyMemory<byte> members)
    {
        if (members.Span.IndexOf("\"annotations\""u8) < 0)
        {
            return default;
        }

        byte[] json = [(byte)'{', .. members.Span[1..], (byte)'}'];
        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("annotations"u8);
            reader.Read();
            if (found && reader.TokenType == JsonTokenType.StartObject)
            {
                return ReadAnnotations(ref reader);
            }

            reader.Skip();
        }

        return default;
    }

    private static ToolHints ReadAnnotations(ref Utf8JsonReader reader)
    {
        bool readOnly = false, idempotent = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReadOnly = reader.ValueTextEquals("readOnlyHint"u8);
            var isIdempotent = reader.ValueTextEquals("idempotentHint"u8);
            reader.Read();
            readOnly |= isReadOnly && reader.TokenType == JsonTokenType.True;
            idempotent |= isIdempotent && reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }

        return new ToolHints(readOnly, idempotent);
    }
}
