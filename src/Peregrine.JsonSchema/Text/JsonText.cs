namespace Peregrine.JsonSchema.Text;

/// <summary>A JSON text and its tokens: an instance, or what a schema holds as <c>const</c> or <c>enum</c>. Looks at memory of others; owns none.</summary>
internal readonly ref struct JsonText(ReadOnlySpan<byte> bytes, ReadOnlySpan<JsonToken> tokens)
{
    /// <summary>The whole text.</summary>
    public readonly ReadOnlySpan<byte> Bytes = bytes;

    /// <summary>Its tokens; the first is the root.</summary>
    public readonly ReadOnlySpan<JsonToken> Tokens = tokens;

    /// <summary>The raw bytes of a string, name, number or literal.</summary>
    public ReadOnlySpan<byte> Raw(int token) => Bytes.Slice(Tokens[token].Start, Tokens[token].Length);
}
