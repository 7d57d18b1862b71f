using Peregrine.Transport.Connections;

namespace Peregrine.Client.Caching;

/// <summary>Lets the cache see the server's notifications on their way to who takes them.</summary>
internal sealed class CachingHandler(ResponseCache cache, IncomingHandler? inner) : IncomingHandler
{
    public override void OnNotification(in IncomingNotification notification)
    {
        cache.Observe(notification);
        inner?.OnNotification(notification);
    }

    public override ValueTask RespondAsync(IncomingRequest request, CancellationToken cancellationToken) =>
        inner is null ? base.RespondAsync(request, cancellationToken) : inner.RespondAsync(request, cancellationToken);
}
