using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Headers;

namespace Peregrine.Server.Tools;

/// <summary>
/// A tool: its definition and the code that runs it. Written by the generator, or by hand: <see cref="McpHandler.InvokeAsync"/> reads the arguments and returns a result. An
/// exception becomes a result with <c>isError</c>. Implementations are thread-safe.
/// </summary>
public abstract class McpToolHandler : McpHandler
{
    /// <summary>Makes a handler.</summary>
    /// <param name="definition">What the tool is.</param>
    protected McpToolHandler(McpToolDefinition definition)
        : base(definition?.Name ?? throw new ArgumentNullException(nameof(definition)), definition.Blocking)
    {
        Definition = definition;
    }

    /// <summary>What the tool is.</summary>
    public McpToolDefinition Definition { get; }

    /// <summary>The arguments that a client mirrors in headers over HTTP; null where there are none, as mostly. Set when the tool is registered.</summary>
    internal ToolHeaders? Headers { get; set; }

    /// <summary>True where generated code reads the arguments, and refuses those that break types and attributes.</summary>
    internal bool BindsArguments { get; set; }

    internal sealed override string Kind => "tool";

    // A handler written by hand may return without a result: that is a result without content.
    internal sealed override void ReturnNothing(McpExchange exchange, PeregrineServer server) => new McpCall(exchange, server).ReturnNothing();

    internal sealed override void ReturnFailure(McpExchange exchange, PeregrineServer server, string message) =>
        ToolResultWriter.WriteToolError(exchange, server, message);
}
