namespace Peregrine.Server.Compat.Sampling;

/// <summary>
/// What a client's model is asked with <c>sampling/createMessage</c>. Deprecated in 2026-07-28, where it still works: a new server calls a model itself.
/// </summary>
public sealed record McpSamplingRequest
{
    /// <summary>The conversation; at least one message.</summary>
    public required IReadOnlyList<McpSamplingMessage> Messages { get; init; }

    /// <summary>The most tokens to answer with; more than zero.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>A system prompt, or null.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>The temperature, or null.</summary>
    public double? Temperature { get; init; }

    /// <summary>Texts at which the model stops.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>Which model to take, or null.</summary>
    public McpModelPreferences? ModelPreferences { get; init; }

    /// <summary>Tools for the model: a raw JSON array, or empty. Needs a client that declared <c>sampling.tools</c> (2025-11-25 and later).</summary>
    public ReadOnlyMemory<byte> Tools { get; init; }

    /// <summary>How the model may use the tools: a raw JSON object, such as <c>{"mode":"auto"}</c>, or empty. Needs the same.</summary>
    public ReadOnlyMemory<byte> ToolChoice { get; init; }

    /// <summary>Data for the model's provider: a raw JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }
}
