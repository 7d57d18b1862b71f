using System.Runtime.InteropServices;
using System.Text.Json;
using Peregrine.Protocol.Text;

namespace Peregrine.Server.Compat.Sampling;

/// <summary>What a client's model answered. Deprecated in 2026-07-28 with sampling itself. Immutable and thread-safe.</summary>
public sealed class McpSamplingAnswer
{
    internal McpSamplingAnswer(ReadOnlyMemory<byte> json, string model, string role, string? stopReason, JsonElement content)
    {
        Json = json;
        Model = model;
        Role = role;
        StopReason = stopReason;
        Content = content;
    }

    /// <summary>The whole answer, a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The model that answered.</summary>
    public string Model { get; }

    /// <summary><c>assistant</c>, as a rule.</summary>
    public string Role { get; }

    /// <summary>Why the model stopped, such as <c>endTurn</c>; null where the client does not say.</summary>
    public string? StopReason { get; }

    /// <summary>The content: a block, or an array of blocks.</summary>
    public JsonElement Content { get; }

    /// <summary>The text of all text blocks; empty where there is none.</summary>
    public string Text => Content.ValueKind == JsonValueKind.Array ? string.Concat(Content.EnumerateArray().Select(TextOf)) : TextOf(Content);

    private static string TextOf(JsonElement block) =>
        JsonText.TryGetString(JsonObject.Find(JsonMarshal.GetRawUtf8Value(block), "text"u8), out var text) ? text : "";
}
