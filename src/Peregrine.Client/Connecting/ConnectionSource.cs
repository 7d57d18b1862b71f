using Peregrine.Transport.Connections;

namespace Peregrine.Client.Connecting;

/// <summary>Makes the connections of one client, one after the other.</summary>
internal class ConnectionSource : IAsyncDisposable
{
    private readonly Func<CancellationToken, ValueTask<McpConnection>> _open;

    /// <param name="key">Names what it leads to, for what is remembered about it; null remembers nothing.</param>
    /// <param name="canReopen">True where there can be a second connection.</param>
    /// <param name="open">Makes a connection.</param>
    internal ConnectionSource(string? key, bool canReopen, Func<CancellationToken, ValueTask<McpConnection>> open)
    {
        Key = key;
        CanReopen = canReopen;
        _open = open;
    }

    internal string? Key { get; }

    internal bool CanReopen { get; }

    /// <summary>True where the server may also be one that knows HTTP+SSE only.</summary>
    internal virtual bool HasHttpSse => false;

    internal ValueTask<McpConnection> OpenAsync(CancellationToken cancellationToken) => _open(cancellationToken);

    /// <summary>Makes a connection over HTTP+SSE.</summary>
    internal virtual ValueTask<McpConnection> OpenHttpSseAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Gives back what connections share.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
