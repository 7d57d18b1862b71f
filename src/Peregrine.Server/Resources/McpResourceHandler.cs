using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Resources;

/// <summary>A resource: its definition and the code that reads it. Implementations are thread-safe.</summary>
public abstract class McpResourceHandler : McpHandler
{
    /// <summary>Makes a handler.</summary>
    /// <param name="definition">What the resource is.</param>
    protected McpResourceHandler(McpResourceDefinition definition)
        : base(definition?.Uri ?? throw new ArgumentNullException(nameof(definition)), definition.Blocking)
    {
        Definition = definition;
    }

    /// <summary>What the resource is.</summary>
    public McpResourceDefinition Definition { get; }

    internal sealed override string Kind => "resource";

    /// <summary>
    /// Reads the resource. An exception becomes an error: with its message if it is a <see cref="McpToolException"/>, else with a correlation id.
    /// </summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="call">The call; stale when the task has ended.</param>
    public abstract ValueTask<McpResourceResult> ReadAsync(McpResourceRequest request, McpCall call);

    /// <inheritdoc/>
    public sealed override ValueTask InvokeAsync(McpCall call) =>
        ResourceReading.AnswerAsync(call, ReadAsync(ResourceReading.RequestOf(call), call), Definition.TimeToLive, Definition.CacheScope);

    internal sealed override void ReturnNothing(McpExchange exchange, PeregrineServer server) => ResourceReading.FailNotFound(exchange);

    internal sealed override void ReturnFailure(McpExchange exchange, PeregrineServer server, string message) =>
        exchange.Fail(Protocol.JsonRpc.ErrorCodes.InternalError, message);
}
