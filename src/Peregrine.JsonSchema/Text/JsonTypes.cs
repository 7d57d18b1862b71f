namespace Peregrine.JsonSchema.Text;

/// <summary>The types of JSON Schema as bits: what a value is, and what a schema allows.</summary>
[Flags]
internal enum JsonTypes : byte
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Object = 4,
    Array = 8,
    Number = 16,
    String = 32,

    /// <summary>Set beside <see cref="Number"/> where the literal has neither fraction nor exponent. <c>1.0</c> is an integer too, but that takes a closer look.</summary>
    Integer = 64,
}
