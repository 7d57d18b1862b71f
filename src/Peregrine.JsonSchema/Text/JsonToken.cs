namespace Peregrine.JsonSchema.Text;

/// <summary>
/// One value or member name of a JSON text: where it lies and where the next one is. Sixteen bytes; a text has at most one token for two of its bytes. Names and the values
/// behind them are two tokens in a row.
/// </summary>
internal struct JsonToken
{
    /// <summary>Offset of the first byte: behind the quote of a string or name, at the first character of everything else.</summary>
    public int Start;

    /// <summary>Bytes of a string (raw, without quotes), name or number; members of an object; items of an array.</summary>
    public int Length;

    /// <summary>Index of the first token behind this value and all that it holds.</summary>
    public int Next;

    /// <summary>What the value is. <see cref="JsonTypes.String"/> for a name.</summary>
    public JsonTypes Types;

    /// <summary>A string or name that holds an escape.</summary>
    public bool Escaped;

    /// <summary>The literal <c>true</c>.</summary>
    public bool True;
}
