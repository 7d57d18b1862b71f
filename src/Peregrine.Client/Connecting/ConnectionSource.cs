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

    internal ValueTask<McpConnection> OpenAsync(CancellationToken cancellationToken) => _open(cancellationToken);

    /// <summary>Puts a lost connection away before the next one is made.</summary>
    internal virtual ValueTask RetireAsync(McpConnection lost) => lost.DisposeAsync();

    /// <summary>Gives back what connections share.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
