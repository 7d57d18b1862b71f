using System.Text.Json;

namespace Peregrine.Generators.Tests.Serving;

/// <summary>What a call came back with.</summary>
internal sealed record ToolReply(JsonElement Message, IReadOnlyList<string> Notifications)
{
    internal bool IsError => Result.TryGetProperty("isError", out var error) && error.GetBoolean();

    /// <summary>The text of the only block; null where there is no content.</summary>
    internal string? Text => Result.GetProperty("content") is var content && content.GetArrayLength() == 0 ? null : content[0].GetProperty("text").GetString();

    private JsonElement Result => Message.GetProperty("result");
}
