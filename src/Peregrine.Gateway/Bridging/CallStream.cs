using Peregrine.Server.Fronts;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Bridging;

/// <summary>
/// Does to the stream of a caller what the upstream has done to its own: a server that ends the stream of a call that goes on (2025-11-25, polling) wants nobody to hold a connection for
/// it, and the gateway's caller can come back as well as the gateway does. No state.
/// </summary>
internal static class CallStream
{
    /// <summary>Ends the stream of the exchange that comes as state, where its front and client can do without it.</summary>
    internal static StreamClosedCallback OnClosed { get; } = static (state, retryAfter, cancellationToken) => CloseAsync((McpExchange)state!, retryAfter, cancellationToken);

    // Called while the call waits for its reply, so the exchange is still its own.
    private static async ValueTask CloseAsync(McpExchange exchange, TimeSpan retryAfter, CancellationToken cancellationToken)
    {
        exchange.AllowMessages();
        try
        {
            await exchange.CloseStreamAsync(exchange.Generation, retryAfter, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The caller is gone from this stream already; it may come back for the reply all the same.
        }
    }
}
