using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Upstreams;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Gateway.Subscriptions;

/// <summary>
/// Has upstreams watch the resources that clients of the gateway have subscribed to: one subscription there for all clients here. Thread-safe.
/// </summary>
internal sealed class UpstreamWatch(Func<string, Upstream?> ownerOf) : ITopicWatcher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Upstream> _watched = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void TopicOpened(string uri)
    {
        if (ownerOf(uri) is { } owner)
        {
            lock (_gate)
            {
                _watched[uri] = owner;
            }

            owner.Watch(uri, wanted: true);
        }
    }

    /// <inheritdoc/>
    public void TopicClosed(string uri)
    {
        Upstream? owner;
        lock (_gate)
        {
            _watched.Remove(uri, out owner);
        }

        owner?.Watch(uri, wanted: false);
    }
}
