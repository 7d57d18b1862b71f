using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Resources.Templates;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Resources;

/// <summary>A family of resources: its definition and the code that reads one of them. Implementations are thread-safe.</summary>
public abstract class McpResourceTemplateHandler : McpHandler
{
    /// <summary>Makes a handler.</summary>
    /// <param name="definition">What the family is. A faulty template is reported when the server is built.</param>
    protected McpResourceTemplateHandler(McpResourceTemplateDefinition definition)
        : base(definition?.UriTemplate ?? throw new ArgumentNullException(nameof(definition)), definition.Blocking)
    {
        Definition = definition;
        _ = UriTemplate.TryParse(definition.UriTemplate, out var template, out var fault);
        Template = template;
        Fault = fault;
    }

    /// <summary>What the family is.</summary>
    public McpResourceTemplateDefinition Definition { get; }

    /// <summary>The compiled template; null where it is faulty.</summary>
    internal UriTemplate? Template { get; }

    /// <summary>What is wrong with the template, or null.</summary>
    internal string? Fault { get; }

    internal sealed override string Kind => "resource template";

    /// <summary>
    /// Reads one resource of the family. An exception becomes an error: with its message if it is a <see cref="McpToolException"/>, else with a correlation id.
    /// </summary>
    /// <param name="request">What is asked for. Its variables are what a stranger wrote.</param>
    /// <param name="call">The call; stale when the task has ended.</param>
    public abstract ValueTask<McpResourceResult> ReadAsync(McpResourceRequest request, McpCall call);

    /// <inheritdoc/>
    public sealed override ValueTask InvokeAsync(McpCall call) =>
        ResourceReading.AnswerAsync(call, ReadAsync(ResourceReading.RequestOf(call), call), Definition.TimeToLive, Definition.CacheScope);

    internal sealed override void ReturnNothing(McpExchange exchange, PeregrineServer server) => ResourceReading.FailNotFound(exchange);

    internal sealed override void ReturnFailure(McpExchange exchange, PeregrineServer server, string message) =>
        exchange.Fail(Protocol.JsonRpc.ErrorCodes.InternalError, message);
}
