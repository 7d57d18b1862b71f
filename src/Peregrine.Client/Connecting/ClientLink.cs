using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Connecting;

/// <summary>
/// What a client holds of its server: the open conversation, and the means to open another where it was lost. Many calls that find it lost open one together. Thread-safe.
/// </summary>
internal sealed class ClientLink : IAsyncDisposable
{
    private readonly ConnectionSource _source;
    private readonly PeregrineClientOptions _options;
    private readonly ClientIntroduction _introduction;
    private readonly ServerEvents _events;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private volatile Conversation _current;
    private int _disposed;

    private ClientLink(ConnectionSource source, PeregrineClientOptions options, ClientIntroduction introduction, ServerEvents events, Conversation first)
    {
        _events = events;
        _source = source;
        _options = options;
        _introduction = introduction;
        _current = first;
    }

    /// <summary>The conversation of the moment; it may be lost.</summary>
    internal Conversation Current => _current;

    /// <summary>Fires when the link is closed for good.</summary>
    internal CancellationToken Closing => _closing.Token;

    /// <summary>Called after a lost conversation was followed by another, before any request goes out on it through <see cref="GetAsync"/>. Must not fail.</summary>
    internal Action<Conversation>? Reopened { get; set; }

    /// <summary>Opens the first conversation.</summary>
    internal static async ValueTask<ClientLink> OpenAsync(ConnectionSource source, PeregrineClientOptions options, ServerEvents events, CancellationToken cancellationToken)
    {
        var introduction = new ClientIntroduction(options);
        try
        {
            var first = await new Connector(source, options, introduction, events).ConnectAsync(cancellationToken).ConfigureAwait(false);
            return new ClientLink(source, options, introduction, events, first);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The open conversation; opens another first where it was lost.</summary>
    /// <exception cref="PeregrineException">It was lost, and there is no way to open another, or that failed.</exception>
    internal ValueTask<Conversation> GetAsync(CancellationToken cancellationToken)
    {
        var current = _current;
        return current.IsLost ? ReopenAsync(current, cancellationToken) : new(current);
    }

    /// <summary>Opens another conversation in place of one that was lost, unless somebody has done so already.</summary>
    /// <param name="lost">The one that was lost.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal async ValueTask<Conversation> ReopenAsync(Conversation lost, CancellationToken cancellationToken)
    {
        lost.MarkLost();
        if (_closing.IsCancellationRequested)
        {
            throw Closed(lost);
        }

        if (!_options.Reconnect || !_source.CanReopen)
        {
            throw new McpTransportException(TransportFault.ConnectionLost, $"The connection to {lost.Connection.Peer} has ended; the message was not sent.");
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _opening.WaitAsync(both.Token).ConfigureAwait(false);
            try
            {
                if (!_current.IsLost)
                {
                    return _current;
                }

                return await OpenAnotherAsync(_current, both.Token).ConfigureAwait(false);
            }
            finally
            {
                _opening.Release();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            throw Closed(lost);
        }
    }

    /// <summary>Closes the conversation for good; more than once does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _closing.CancelAsync().ConfigureAwait(false);
        }

        // An opening that is under way is cancelled and gives the place free.
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            await _current.Connection.DisposeAsync().ConfigureAwait(false);
            await _source.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    private static McpTransportException Closed(Conversation lost) => new(TransportFault.Closed, $"The connection to {lost.Connection.Peer} was closed on this side.");

    private async ValueTask<Conversation> OpenAnotherAsync(Conversation lost, CancellationToken cancellationToken)
    {
        if (lost.Connection is HttpConnection http)
        {
            // Each request over HTTP stands by itself: what others have in flight is not lost with the session.
            http.CloseWhenIdle();
        }
        else
        {
            await lost.Connection.DisposeAsync().ConfigureAwait(false);
        }

        var next = await new Connector(_source, _options, _introduction, _events).ConnectAsync(cancellationToken).ConfigureAwait(false);
        var version = next.Agreement.Version.ToText();
        ClientLog.Reopened(_options.Logger, next.Connection.Peer, version);
        _current = next;
        Reopened?.Invoke(next);
        return next;
    }
}
