using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Features;
using Peregrine.Server.Fronts;
using Peregrine.Server.Headers;
using Peregrine.Server.Pagination;
using Peregrine.Server.Registry;
using Peregrine.Server.Validation;

namespace Peregrine.Server.Tools;

/// <summary><c>tools/list</c> and <c>tools/call</c>.</summary>
internal sealed class ToolsFeature(ServerRegistry registry, ToolInvoker invoker, McpValidation validation) : IServerFeature
{
    /// <inheritdoc/>
    public McpMethod[] Methods { get; } = [McpMethod.ToolsCall, McpMethod.ToolsList];

    /// <inheritdoc/>
    public void WriteCapability(PooledByteWriter writer, ProtocolVersion version) => writer.Write("\"tools\":{\"listChanged\":true}"u8);

    /// <inheritdoc/>
    public ValueTask RespondAsync(McpExchange exchange)
    {
        if (exchange.Method == McpMethod.ToolsCall)
        {
            return Call(exchange);
        }

        validation.Begin();
        ListReplies.Answer(exchange, registry.Current.ToolList);
        return default;
    }

    /// <summary>Runs a tool.</summary>
    internal ValueTask Call(McpExchange exchange)
    {
        ref readonly var envelope = ref exchange.Envelope;
        var body = exchange.Body.Span;
        Span<byte> buffer = stackalloc byte[256];
        if (!JsonText.TryGetContent(envelope.Name.Of(body), buffer, out var name))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"name\" must be the name of a tool");
            return default;
        }

        if (registry.Current.FindTool(name) is not { } registered)
        {
            _ = JsonText.TryGetString(envelope.Name.Of(body), out var text);
            exchange.Fail(ErrorCodes.InvalidParams, $"Unknown tool: {EraRules.Shorten(text ?? "")}");
            return default;
        }

        var tool = registered.Handler;
        if (tool.Headers is { } headers && !headers.TryJudge(exchange))
        {
            return default;
        }

        if (envelope.Arguments.IsPresent && !JsonText.IsObject(envelope.Arguments.Of(body)))
        {
            exchange.Fail(ErrorCodes.InvalidParams, "Invalid params: \"arguments\" must be an object");
            return default;
        }

        exchange.Handler = tool;
        return registered.FirstStep is { } step ? step.RunAsync(tool, exchange) : invoker.InvokeAsync(tool, exchange);
    }
}
