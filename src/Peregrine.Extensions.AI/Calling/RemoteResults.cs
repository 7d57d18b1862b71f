using System.Text.Json;
using Microsoft.Extensions.AI;
using Peregrine.Client.Tools;

namespace Peregrine.Extensions.AI.Calling;

/// <summary>Turns what a tool answers into what a function returns. No state.</summary>
internal static class RemoteResults
{
    internal static object? Read(ToolResult result)
    {
        if (result.IsError)
        {
            return new ErrorContent(result.GetText());
        }

        if (!result.StructuredContent.IsEmpty)
        {
            return JsonElement.Parse(result.StructuredContent.Span);
        }

        if (result.Content.IsEmpty)
        {
            return null;
        }

        List<AIContent> contents = [.. JsonElement.Parse(result.Content.Span).EnumerateArray().Select(ReadBlock)];
        return contents switch
        {
            [] => null,
            [TextContent text] => text.Text,
            _ => contents,
        };
    }

    // What is of an unknown kind is given as it came.
    private static AIContent ReadBlock(JsonElement block)
    {
        AIContent? content = TextOf(block, "type") switch
        {
            "text" => new TextContent(TextOf(block, "text")),
            "image" or "audio" => ReadData(block, "data", "application/octet-stream"),
            "resource_link" when Uri.TryCreate(TextOf(block, "uri"), UriKind.Absolute, out var uri) => new UriContent(uri, TextOf(block, "mimeType") ?? "application/octet-stream"),
            "resource" when block.TryGetProperty("resource", out var resource) && resource.ValueKind == JsonValueKind.Object =>
                TextOf(resource, "text") is { } text ? new TextContent(text) : ReadData(resource, "blob", "application/octet-stream"),
            _ => null,
        };
        content ??= new TextContent(block.GetRawText());
        content.RawRepresentation = block;
        return content;
    }

    private static DataContent? ReadData(JsonElement block, string member, string mediaType) =>
        block.TryGetProperty(member, out var data) && data.ValueKind == JsonValueKind.String && data.TryGetBytesFromBase64(out var bytes) ? new DataContent(bytes, TextOf(block, "mimeType") ?? mediaType) : null;

    private static string? TextOf(JsonElement block, string member) =>
        block.ValueKind == JsonValueKind.Object && block.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
