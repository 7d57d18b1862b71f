namespace Peregrine.Generators.Models;

/// <summary>What a tool's result is made of.</summary>
internal enum ResultKind
{
    None,

    /// <summary>One text block, from a value without parts.</summary>
    Text,

    /// <summary>Structured content, and the same as text.</summary>
    Json,

    /// <summary>A content block.</summary>
    Content,

    /// <summary>Content blocks.</summary>
    Contents,

    /// <summary>Items that come one after the other.</summary>
    Stream,

    /// <summary>A rented buffer of text.</summary>
    Buffer,
}
