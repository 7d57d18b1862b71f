using Peregrine.Server.Content;

namespace Peregrine.Server.Prompts;

/// <summary>What a prompt is called and takes: everything that <c>prompts/list</c> says of it, and how it wants to be run. Immutable.</summary>
public sealed record McpPromptDefinition
{
    /// <summary>The unique name: 1 to 256 characters, none of them a control character.</summary>
    public required string Name { get; init; }

    /// <summary>A name for people, or null (2025-06-18 and later).</summary>
    public string? Title { get; init; }

    /// <summary>What the prompt is for, for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Its arguments, all of them texts.</summary>
    public IReadOnlyList<McpPromptArgument> Arguments { get; init; } = [];

    /// <summary>The icons, a raw JSON array, or empty (2025-11-25 and later).</summary>
    /// <exception cref="ArgumentException">It is no JSON array.</exception>
    public ReadOnlyMemory<byte> Icons { get; init => field = RawJson.TakeArray(value, nameof(Icons)); }

    /// <summary>The prompt's <c>_meta</c>, a raw JSON object, or empty.</summary>
    /// <exception cref="ArgumentException">It is no JSON object.</exception>
    public ReadOnlyMemory<byte> Meta { get; init => field = RawJson.TakeObject(value, nameof(Meta)); }

    /// <summary>True where the handler blocks its thread.</summary>
    public bool Blocking { get; init; }
}
