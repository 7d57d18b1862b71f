using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Peregrine.Client;
using Peregrine.Client.Tools;

namespace Peregrine.Extensions.AI.Calling;

/// <summary>A tool of a server as a function. Thread-safe.</summary>
internal sealed class RemoteFunction : AIFunction
{
    private readonly PeregrineClient _client;
    private readonly RemoteTool _tool;

    internal RemoteFunction(PeregrineClient client, RemoteTool tool)
    {
        _client = client;
        _tool = tool;
        Description = tool.Description ?? "";
        JsonSchema = tool.InputSchema.IsEmpty ? JsonElement.Parse("{}"u8) : JsonElement.Parse(tool.InputSchema.Span);
        ReturnJsonSchema = JsonElement.Parse(tool.Definition.Span) is var definition && definition.TryGetProperty("outputSchema", out var schema) ? schema : null;
    }

    public override string Name => _tool.Name;

    public override string Description { get; }

    public override JsonElement JsonSchema { get; }

    public override JsonElement? ReturnJsonSchema { get; }

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        using var result = await _client.CallToolAsync(Name, Write(arguments), cancellationToken: cancellationToken).ConfigureAwait(false);
        return RemoteResults.Read(result);
    }

    private ReadOnlyMemory<byte> Write(AIFunctionArguments arguments)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var (name, value) in arguments)
        {
            writer.WritePropertyName(name);
            switch (value)
            {
                case null:
                    writer.WriteNullValue();
                    break;
                case JsonElement element:
                    element.WriteTo(writer);
                    break;
                case JsonNode node:
                    node.WriteTo(writer);
                    break;
                case string text:
                    writer.WriteStringValue(text);
                    break;
                default:
                    JsonSerializer.Serialize(writer, value, JsonSerializerOptions.GetTypeInfo(value.GetType()));
                    break;
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
