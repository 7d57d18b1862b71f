using System.Text;
using System.Text.Json;
using Peregrine.Cli.Targets;
using Peregrine.Client;
using Peregrine.Client.Tools;

namespace Peregrine.Cli.Calling;

/// <summary>`peregrine call`: one call of one tool.</summary>
internal static class CallTool
{
    internal static Task<int> RunAsync(Target target, TargetOptions options, ToolCall call, bool json, CancellationToken cancellationToken) =>
        Conversation.RunAsync(target, options, async client =>
        {
            var arguments = call.Arguments is { } whole
                ? Encoding.UTF8.GetBytes(whole)
                : await ReadPairsAsync(client, call, cancellationToken).ConfigureAwait(false);
            var progress = Console.IsErrorRedirected ? null : new ProgressLine();
            using var result = await client.CallToolAsync(call.Tool, arguments, progress, cancellationToken).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(json ? Encoding.UTF8.GetString(result.Raw.Span) : Describe(result)).ConfigureAwait(false);
            return result.IsError ? ExitCodes.Failed : ExitCodes.Fine;
        }, cancellationToken);

    private static string Describe(ToolResult result)
    {
        var text = result.GetText();
        return text.Length > 0 || result.StructuredContent.IsEmpty ? text : Encoding.UTF8.GetString(result.StructuredContent.Span);
    }

    // name=value: the tool's schema decides whether a value is a text; without a word from it, what reads as JSON is JSON.
    private static async Task<byte[]> ReadPairsAsync(PeregrineClient client, ToolCall call, CancellationToken cancellationToken)
    {
        if (call.Pairs.Count == 0)
        {
            return "{}"u8.ToArray();
        }

        var tools = await client.ListToolsAsync(cancellationToken).ConfigureAwait(false);
        var schema = tools.FirstOrDefault(tool => tool.Name == call.Tool)?.InputSchema ?? default;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in call.Pairs)
            {
                writer.WritePropertyName(name);
                if (!ToolSchema.IsText(schema, name) && IsJson(value))
                {
                    writer.WriteRawValue(value);
                }
                else
                {
                    writer.WriteStringValue(value);
                }
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static bool IsJson(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class ProgressLine : IProgress<CallProgress>
    {
        public void Report(CallProgress value) =>
            Console.Error.WriteLine($"{value.Progress}{(value.Total is { } total ? $" of {total}" : "")} {value.Message}");
    }
}
