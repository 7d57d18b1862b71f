using Peregrine.Execution.Caching;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Caching;

/// <summary>Drops what depends on the work of a tool, after it has run and before its caller is told.</summary>
internal sealed class InvalidatingStep(ResultCache cache, CacheTags tags) : CallStep
{
    internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange)
    {
        var names = tags.For(exchange.Envelope.Arguments.Of(exchange.Body.Span));
        var running = NextAsync(tool, exchange);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, exchange, names);
        }

        running.GetAwaiter().GetResult();
        Drop(exchange, names);
        return default;
    }

    private async ValueTask AwaitAsync(ValueTask running, McpExchange exchange, string[] names)
    {
        await running.ConfigureAwait(false);
        Drop(exchange, names);
    }

    // A tool that failed may have done half of its work; only one that was not run has done none.
    private void Drop(McpExchange exchange, string[] names)
    {
        if (exchange.ErrorCode is ErrorCodes.Overloaded or ErrorCodes.InvalidParams)
        {
            return;
        }

        cache.Invalidate(names);
        exchange.Unfinished?.OnEnded(_ => cache.Invalidate(names));
    }
}
