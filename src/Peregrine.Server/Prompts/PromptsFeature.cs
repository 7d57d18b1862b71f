using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Features;
using Peregrine.Server.Fronts;
using Peregrine.Server.Pagination;
using Peregrine.Server.Registry;

namespace Peregrine.Server.Prompts;

/// <summary><c>prompts/list</c> and <c>prompts/get</c>.</summary>
internal sealed class PromptsFeature(ServerRegistry registry, ToolInvoker invoker) : IServerFeature
{
    /// <inheritdoc/>
    public McpMethod[] Methods { get; } = [McpMethod.PromptsList, McpMethod.PromptsGet];

    /// <inheritdoc/>
    public void WriteCapability(PooledByteWriter writer, ProtocolVersion version) => writer.Write("\"prompts\":{\"listChanged\":true}"u8);

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        if (exchange.Method == McpMethod.PromptsGet)
        {
            return Get(exchange);
        }

        ListReplies.Answer(exchange, registry.Current.PromptList);
        return default;
    }

    private ValueTask Get(McpExchange exchange)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;

        // A name has 256 characters at most, each at most three bytes, or six where it is escaped.
        Span<byte> buffer = stackalloc byte[2048];
        if (!JsonText.IsString(envelope.Name.Of(body)))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"name\" must be the name of a prompt, a string");
            return default;
        }

        if (!JsonText.TryGetContent(envelope.Name.Of(body), buffer, out var name) || registry.Current.FindPrompt(name) is not { } prompt)
        {
            _ = JsonText.TryGetString(envelope.Name.Of(body), out var text);
            exchange.Fail(ErrorCodes.InvalidParams, $"Unknown prompt: {EraRules.Shorten(text ?? "")}");
            return default;
        }

        if (ReadArguments(envelope.Arguments.Of(body), prompt.Definition, out var arguments) is { } fault)
        {
            exchange.Fail(ErrorCodes.InvalidParams, fault);
            return default;
        }

        exchange.Subject = arguments;
        return invoker.InvokeLimited(prompt, exchange);
    }

    // What the prompt does not know is passed over, like members of objects elsewhere in the protocol; so a stranger cannot make the call remember more than it declares.
    private static string? ReadArguments(ReadOnlySpan<byte> raw, McpPromptDefinition prompt, out McpPromptArguments? arguments)
    {
        arguments = null;
        List<KeyValuePair<string, string>> values = [];
        if (!raw.IsEmpty)
        {
            if (!JsonText.IsObject(raw))
            {
                return "Invalid params: \"arguments\" must be an object";
            }

            var reader = new Utf8JsonReader(raw);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var known = Find(raw.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2), prompt);
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    return known is null ? "Invalid params: every argument of a prompt must be a string"
                        : $"Invalid params: the argument \"{known.Name}\" must be a string, as all arguments of prompts";
                }

                if (known is null)
                {
                    continue;
                }

                if (values.Exists(pair => pair.Key == known.Name))
                {
                    return $"Invalid params: the argument \"{known.Name}\" is given twice";
                }

                if (!JsonText.TryGetString(raw.Slice((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)), out var value))
                {
                    return $"Invalid params: the argument \"{known.Name}\" is no proper text";
                }

                values.Add(new(known.Name, value));
            }
        }

        foreach (var argument in prompt.Arguments)
        {
            if (argument.Required && !values.Exists(pair => pair.Key == argument.Name))
            {
                return $"Invalid params: the argument \"{argument.Name}\" of the prompt \"{prompt.Name}\" is required";
            }
        }

        arguments = new McpPromptArguments(values);
        return null;
    }

    // By the raw name with its quotes: one that is no proper text is nobody's.
    private static McpPromptArgument? Find(ReadOnlySpan<byte> rawName, McpPromptDefinition prompt)
    {
        foreach (var argument in prompt.Arguments)
        {
            if (JsonText.ContentEquals(rawName, Encoding.UTF8.GetBytes(argument.Name)))
            {
                return argument;
            }
        }

        return null;
    }
}
