using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Prompts;

/// <summary>A prompt: its definition and the code that writes its messages. Implementations are thread-safe.</summary>
public abstract class McpPromptHandler : McpHandler
{
    /// <summary>Makes a handler.</summary>
    /// <param name="definition">What the prompt is.</param>
    protected McpPromptHandler(McpPromptDefinition definition)
        : base(definition?.Name ?? throw new ArgumentNullException(nameof(definition)), definition.Blocking)
    {
        Definition = definition;
    }

    /// <summary>What the prompt is.</summary>
    public McpPromptDefinition Definition { get; }

    internal sealed override string Kind => "prompt";

    /// <summary>
    /// Writes the messages. An exception becomes an error: with its message if it is a <see cref="McpToolException"/>, else with a correlation id.
    /// </summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="call">The call; stale when the task has ended.</param>
    public abstract ValueTask<McpPromptResult> GetAsync(McpPromptArguments arguments, McpCall call);

    /// <inheritdoc/>
    public sealed override ValueTask InvokeAsync(McpCall call)
    {
        var exchange = call.Exchange;
        var arguments = exchange.Subject as McpPromptArguments ?? throw new InvalidOperationException("This call does not ask for a prompt.");
        var getting = GetAsync(arguments, call);
        if (!getting.IsCompletedSuccessfully)
        {
            return AwaitAsync(exchange, call.Server, getting);
        }

        PromptWriter.WriteResult(exchange, call.Server, getting.Result);
        return default;
    }

    internal sealed override void ReturnNothing(McpExchange exchange, PeregrineServer server) => PromptWriter.WriteResult(exchange, server, new McpPromptResult());

    internal sealed override void ReturnFailure(McpExchange exchange, PeregrineServer server, string message) => exchange.Fail(ErrorCodes.InternalError, message);

    private static async ValueTask AwaitAsync(McpExchange exchange, PeregrineServer server, ValueTask<McpPromptResult> getting) =>
        PromptWriter.WriteResult(exchange, server, await getting.ConfigureAwait(false));
}
