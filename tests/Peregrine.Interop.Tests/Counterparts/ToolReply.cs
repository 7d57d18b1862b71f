using System.Text.Json.Nodes;

namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>What a client says came of a call: a result, or the code and text of an error.</summary>
internal sealed record ToolReply(JsonNode? Result, int? ErrorCode, string? ErrorMessage, IReadOnlyList<double> Progress)
{
    /// <summary>The text of the first content block.</summary>
    internal string Text => (string?)Result?["content"]?[0]?["text"] ?? $"no text: {this}";

    internal bool IsError => (bool?)Result?["isError"] ?? false;
}
