using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Peregrine.Server.Content;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Extensions.AI.Serving;

/// <summary>Turns what a function returns into a tool's result. No state.</summary>
internal static class FunctionResults
{
    /// <summary>Returns it.</summary>
    internal static void Return(McpCall call, object? result, JsonSerializerOptions options)
    {
        switch (result)
        {
            case null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }:
                call.ReturnNothing();
                break;
            case string text:
                call.ReturnText(text);
                break;
            case JsonElement { ValueKind: JsonValueKind.String } text:
                call.ReturnText(text.GetString());
                break;
            case JsonElement json:
                ReturnJson(call, json);
                break;
            case ErrorContent error:
                call.ReturnToolError(error.Message);
                break;
            case AIContent content:
                call.ReturnContent(ToBlock(content, options));
                break;
            case IEnumerable<AIContent> contents:
                AIContent[] all = [.. contents];
                call.ReturnContent([.. all.Select(content => ToBlock(content, options))], isError: all.Any(static content => content is ErrorContent));
                break;
            default:
                ReturnJson(call, JsonSerializer.SerializeToElement(result, options.GetTypeInfo(result.GetType())));
                break;
        }
    }

    // Without the line breaks that functions put into their JSON: models pay for them.
    private static void ReturnJson(McpCall call, JsonElement json)
    {
        var text = call.RentWriter();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteTo(writer);
        }

        call.ReturnText(text.WrittenSpan);
    }

    private static McpContent ToBlock(AIContent content, JsonSerializerOptions options) => content switch
    {
        TextContent text => McpContent.Text(text.Text),
        ErrorContent error => McpContent.Text(error.Message),
        DataContent data when data.HasTopLevelMediaType("image") => McpContent.Image(data.Data, data.MediaType),
        DataContent data when data.HasTopLevelMediaType("audio") => McpContent.Audio(data.Data, data.MediaType),
        DataContent data => McpContent.Resource(McpResourceContents.FromBytes($"urn:sha256:{Hash(data.Data.Span)}", data.Data, data.MediaType)),
        UriContent link => McpContent.ResourceLink(new McpResourceDefinition { Uri = link.Uri.OriginalString, Name = link.Uri.OriginalString, MimeType = link.MediaType }),
        _ => McpContent.Text(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(content, options.GetTypeInfo(content.GetType())))),
    };

    // Bytes without an address of their own get one by what they are.
    private static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(data));
}
