using Peregrine.Execution.Memory;
using Peregrine.Server.Content;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Tools;

// The connection on which a call is answered.
public readonly partial struct McpCall
{
    /// <summary>
    /// Returns content blocks that are made while the result is sent. Over HTTP the next block is asked for when the reader has taken the one before, so a result of any length needs the memory of its longest
    /// block, and this returns at once: the blocks are made after the tool's method has ended. On a connection that many calls share (stdio) a reply is one piece: the blocks are gathered, up to
    /// <see cref="Execution.Memory.MemoryOptions.MaxBufferedStreamBytes"/>.
    /// </summary>
    /// <param name="blocks">The blocks. An exception ends the result with a failure.</param>
    /// <param name="cancellationToken">Ends the result early.</param>
    public ValueTask ReturnStreamAsync(IAsyncEnumerable<McpContent> blocks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var exchange = Exchange;
        var stream = new ContentStream(blocks, exchange, Server, cancellationToken.CanBeCanceled ? cancellationToken : exchange.CancellationToken);
        if (exchange.CanStreamResult)
        {
            exchange.ReturnStreamed(stream);
            return default;
        }

        return GatherAsync(exchange, stream, Server.Memory.Options.MaxBufferedStreamBytes);
    }

    private static async ValueTask GatherAsync(McpExchange exchange, ContentStream stream, long max)
    {
        using (stream)
        {
            var reply = exchange.BeginResult();
            while (await stream.WriteNextAsync(reply, exchange.CancellationToken).ConfigureAwait(false))
            {
                if (reply.Length > max)
                {
                    throw new ResourceExhaustedException($"resource_exhausted: on this connection a result may have {max} bytes; ask for less at once, or over HTTP");
                }
            }

            exchange.IsToolError = stream.HasFailed;
            exchange.EndResult();
        }
    }

    /// <summary>
    /// Ends the connection on which the caller waits, while the call goes on: for calls that take long, so that no connection is held open meanwhile. The caller comes back for the
    /// result, which is kept for it for a while. Possible over HTTP, in a session of 2025-11-25; over HTTP/1.1 only before the call's first notification.
    /// </summary>
    /// <param name="retryAfter">When the caller should come back. Zero to one day.</param>
    /// <param name="cancellationToken">Stops waiting for a slow reader.</param>
    /// <returns>False where front, caller or revision cannot do that: then the caller goes on waiting, and nothing has happened.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retryAfter"/> is out of range.</exception>
    public ValueTask<bool> CloseStreamAsync(TimeSpan retryAfter, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retryAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(retryAfter, TimeSpan.FromDays(1));
        var exchange = Exchange;
        exchange.AllowMessages();
        return exchange.CloseStreamAsync(_generation, retryAfter, cancellationToken);
    }
}
