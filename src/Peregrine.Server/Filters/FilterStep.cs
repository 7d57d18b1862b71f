using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Filters;

/// <summary>Runs the filters of one tool: a chain of delegates that is made once. Thread-safe.</summary>
internal sealed class FilterStep : CallStep
{
    private readonly PeregrineServer _server;
    private readonly ToolInvoker _invoker;
    private readonly McpNext _first;

    internal FilterStep(PeregrineServer server, ToolInvoker invoker, McpToolHandler tool, McpFilter[] filters)
    {
        _server = server;
        _invoker = invoker;
        McpNext next = call => NextAsync(tool, call.Exchange);
        for (var i = filters.Length - 1; i >= 0; i--)
        {
            next = Surround(filters[i], next);
        }

        _first = next;
    }

    internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange)
    {
        exchange.HoldState();
        ValueTask running;
        try
        {
            running = _first(new McpCall(exchange, _server));
        }
        catch (Exception exception)
        {
            running = ValueTask.FromException(exception);
        }

        return EndAsync(running, tool, exchange);
    }

    private static McpNext Surround(McpFilter filter, McpNext next) => call => filter(call, next);

    private async ValueTask EndAsync(ValueTask running, McpToolHandler tool, McpExchange exchange)
    {
        try
        {
            await running.ConfigureAwait(false);
            await exchange.EndStateAsync().ConfigureAwait(false);
            if (exchange.Reply.Length == 0)
            {
                throw new InvalidOperationException($"A filter ended a call of the tool \"{tool.Definition.Name}\" without a result. Call next, or return a result.");
            }
        }
        catch (Exception exception)
        {
            _invoker.Fail(tool, exchange, exception);
            await EndQuietlyAsync(exchange).ConfigureAwait(false);
        }
    }

    // The call has failed already; what fails besides is of no use to its caller.
    private static async ValueTask EndQuietlyAsync(McpExchange exchange)
    {
        try
        {
            await exchange.EndStateAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
        }
    }
}
