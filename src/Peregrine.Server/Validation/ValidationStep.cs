using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Validation;

/// <summary>Holds a tool's arguments and results against its schemas.</summary>
/// <param name="validation">Judges.</param>
/// <param name="input">The schema of the arguments; null where the binder judges them.</param>
/// <param name="output">The schema of structured results, or null.</param>
internal sealed class ValidationStep(McpValidation validation, ToolSchema? input, ToolSchema? output) : CallStep
{
    /// <inheritdoc/>
    internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange)
    {
        if (input is not null && validation.ChecksArguments && !validation.TryAccept(tool, exchange, input))
        {
            return default;
        }

        if (output is null || !validation.ChecksResults)
        {
            return NextAsync(tool, exchange);
        }

        var running = NextAsync(tool, exchange);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, tool, exchange, output);
        }

        running.GetAwaiter().GetResult();
        validation.CheckResult(tool, exchange, output);
        return default;
    }

    private async ValueTask AwaitAsync(ValueTask running, McpToolHandler tool, McpExchange exchange, ToolSchema schema)
    {
        await running.ConfigureAwait(false);
        validation.CheckResult(tool, exchange, schema);
    }
}
