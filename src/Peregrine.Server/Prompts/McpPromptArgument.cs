namespace Peregrine.Server.Prompts;

/// <summary>One argument of a prompt. Immutable.</summary>
public sealed record McpPromptArgument
{
    /// <summary>Its name, unique within the prompt.</summary>
    public required string Name { get; init; }

    /// <summary>A name for people, or null (2025-06-18 and later).</summary>
    public string? Title { get; init; }

    /// <summary>What it means, for people, or null.</summary>
    public string? Description { get; init; }

    /// <summary>True where the prompt cannot do without it.</summary>
    public bool Required { get; init; }
}
