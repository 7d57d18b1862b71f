using Peregrine.Client.Content;
using Peregrine.Client.Json;

namespace Peregrine.Client.Prompts;

/// <summary>One message of a prompt: a view over raw JSON, valid as long as the prompt. Its members are read anew at each look.</summary>
public readonly record struct PromptPart
{
    internal PromptPart(ReadOnlyMemory<byte> raw) => Raw = raw;

    /// <summary>The message: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary><c>user</c> or <c>assistant</c>; empty where it does not say.</summary>
    public string Role => ObjectReader.FindText(Raw.Span, "role"u8) ?? "";

    /// <summary>What it says.</summary>
    public ContentPart Content => new(RawObject.Find(Raw, "content"u8));
}
