using Peregrine.Gateway.Upstreams;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Gateway.Subscriptions;

/// <summary>
/// Has upstreams watch the resources that clients of the gateway have subscribed to: one subscription there for all clients here. Thread-safe.
/// </summary>
internal sealed class UpstreamWatch(Func<string, Upstream?> ownerOf) : ITopicWatcher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Upstream?> _watched = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void TopicOpened(string uri)
    {
        lock (_gate)
        {
            var owner = ownerOf(uri);
            _watched[uri] = owner;
            owner?.Watch(uri, wanted: true);
        }
    }

    /// <inheritdoc/>
    public void TopicClosed(string uri)
    {
        lock (_gate)
        {
            _watched.Remove(uri, out var owner);
            owner?.Watch(uri, wanted: false);
        }
    }

    /// <summary>Has resources watched by the upstreams that answer for them now, where those are others than before.</summary>
    /// <returns>The resources.</returns>
    internal List<string> FollowOwners()
    {
        List<string> moved = [];
        lock (_gate)
        {
            foreach (var (uri, before) in _watched.ToArray())
            {
                var owner = ownerOf(uri);
                if (owner != before)
                {
                    before?.Watch(uri, wanted: false);
                    owner?.Watch(uri, wanted: true);
                    _watched[uri] = owner;
                    moved.Add(uri);
                }
            }
        }

        return moved;
    }
}
