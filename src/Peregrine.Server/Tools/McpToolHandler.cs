using Peregrine.Protocol.Headers;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;

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
        : base(definition?.Name ?? throw new ArgumentNullException(nameof(definition)), definition.Blocking, definition.CpuBound)
    {
        Definition = definition;
    }

    /// <summary>What the tool is.</summary>
    public McpToolDefinition Definition { get; }

    /// <summary>The arguments that a client mirrors in headers over HTTP; null where there are none, as mostly. Set when the tool is registered.</summary>
    internal ToolHeaders? Headers { get; set; }

    /// <summary>True where generated code reads the arguments, and refuses those that break types and attributes.</summary>
    internal bool BindsArguments { get; set; }

    /// <summary>True where <see cref="ReconcileAsync"/> can tell what became of a call.</summary>
    public virtual bool CanReconcile => false;

    /// <summary>Has concurrent calls gathered into batches, where the tool wants that. Called once, when the tool is registered.</summary>
    internal virtual void BeginBatching(PeregrineServer server)
    {
    }

    internal sealed override string Kind => "tool";

    /// <summary>Finds out what became of the call with a key whose outcome was lost, for example in a crash. May be called several times for one key.</summary>
    /// <param name="key">The key that the caller gave the call.</param>
    /// <param name="call">The call that repeats the lost one, for whose sake is asked; it gives the tool its instance and services.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <returns>By default <see cref="McpReconciliation.Unknown"/>.</returns>
    public virtual ValueTask<McpReconciliation> ReconcileAsync(string key, McpCall call, CancellationToken cancellationToken) => new(McpReconciliation.Unknown);

    // A handler written by hand may return without a result: that is a result without content.
    internal sealed override void ReturnNothing(McpExchange exchange, PeregrineServer server) => new McpCall(exchange, server).ReturnNothing();

    internal sealed override void ReturnFailure(McpExchange exchange, PeregrineServer server, string message) =>
        ToolResultWriter.WriteToolError(exchange, server, message);

}
