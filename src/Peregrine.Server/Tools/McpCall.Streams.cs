namespace Peregrine.Server.Tools;

// The connection on which a call is answered.
public readonly partial struct McpCall
{
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
