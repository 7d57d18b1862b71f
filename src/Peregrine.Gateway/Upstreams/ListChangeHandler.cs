using System.Threading.Channels;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>Takes what an upstream sends unasked: notes that its tools have changed, refuses what it asks of the gateway. Thread-safe.</summary>
internal sealed class ListChangeHandler : IncomingHandler
{
    // One place: several changes while a list is being fetched are one change.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Waits until the tools have changed since the last wait ended.</summary>
    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _changes.Reader.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public override void OnNotification(in IncomingNotification notification)
    {
        if (notification.Method == McpMethod.NotificationsToolsListChanged)
        {
            _changes.Writer.TryWrite(true);
        }
    }
}
