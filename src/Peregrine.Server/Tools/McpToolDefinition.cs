namespace Peregrine.Server.Tools;

/// <summary>What a tool is called, takes and promises: everything that <c>tools/list</c> says of it, and how it wants to be run. Immutable.</summary>
public sealed record McpToolDefinition
{
    /// <summary>The unique name: 1 to 128 of <c>A-Z a-z 0-9 _ - .</c></summary>
    public required string Name { get; init; }

    /// <summary>A name for people, or null.</summary>
    public string? Title { get; init; }

    /// <summary>What the tool does, for the model, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The JSON Schema of the arguments, UTF-8: an object whose <c>type</c> is <c>object</c>. Sent as it is.</summary>
    public required ReadOnlyMemory<byte> InputSchema { get; init; }

    /// <summary>The JSON Schema of the structured result, UTF-8, or empty.</summary>
    public ReadOnlyMemory<byte> OutputSchema { get; init; }

    /// <summary>Hint that the tool changes nothing; null leaves it out.</summary>
    public bool? ReadOnly { get; init; }

    /// <summary>Hint that the tool may destroy; null leaves it out.</summary>
    public bool? Destructive { get; init; }

    /// <summary>Hint that a repeated call has no further effect; null leaves it out.</summary>
    public bool? Idempotent { get; init; }

    /// <summary>Hint that the tool reaches out into the world; null leaves it out.</summary>
    public bool? OpenWorld { get; init; }

    /// <summary>True where the handler blocks its thread.</summary>
    public bool Blocking { get; init; }
}
