using System.Text;
using Microsoft.Extensions.Logging;
using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Routing;
using Peregrine.Gateway.Upstreams;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Server.Fronts;
using Peregrine.Server.Registry;
using Peregrine.Server.Subscriptions;

namespace Peregrine.Gateway.Subscriptions;

/// <summary>What clients of the gateway are told of changes: of its merged lists, and of resources that the upstreams say were updated. Thread-safe.</summary>
internal sealed class GatewayEvents
{
    private readonly SubscriptionHub _hub;
    private readonly UpstreamWatch _watch;
    private readonly ChangeGatherer _gatherer;
    private readonly Func<CatalogSnapshot> _catalog;
    private readonly UpstreamSet _upstreams;

    internal GatewayEvents(Func<CatalogSnapshot> catalog, UpstreamSet upstreams, ServerIdentity identity, GatewayParts parts)
    {
        _catalog = catalog;
        _upstreams = upstreams;
        _watch = new UpstreamWatch(OwnerOf);
        _hub = new SubscriptionHub(SubscriptionOptions.Default, identity.Info, parts.Scheduler, parts.Time, parts.Loggers.CreateLogger("Peregrine.Gateway.Subscriptions"))
        {
            Watcher = _watch,
        };
        _gatherer = new ChangeGatherer(_hub, parts.Scheduler, parts.Time);
        Feature = new SubscriptionsFeature(_hub, RegistryChange.Tools | RegistryChange.Prompts | RegistryChange.Resources, uri => OwnerOf(uri) is not null);
    }

    /// <summary>Answers the methods of subscriptions, and takes note of sessions.</summary>
    internal SubscriptionsFeature Feature { get; }

    /// <summary>Has clients told that lists have changed.</summary>
    internal void NoteChanged(RegistryChange change) => _gatherer.Add(change);

    /// <summary>Has clients told of what an upstream says was updated.</summary>
    internal void Adopt(Upstream upstream) => upstream.ResourceUpdated += _hub.PublishUpdated;

    /// <summary>Ends every open stream.</summary>
    internal Task EndAllAsync(CancellationToken cancellationToken) => _hub.EndAllAsync(cancellationToken);

    /// <summary>Has servers that have taken the place of others watch what those have watched. What the new ones say counts as updated.</summary>
    internal void FollowOwners()
    {
        foreach (var uri in _watch.FollowOwners())
        {
            _hub.PublishUpdated(uri);
        }
    }

    /// <summary>Answers. A subscription is answered, or acknowledged, when the server behind has agreed to it, so that no update after that is missed.</summary>
    internal async ValueTask RespondAsync(McpExchange exchange)
    {
        await Feature.RespondAsync(exchange).ConfigureAwait(false);
        if (exchange.ListenRequest is { Uris.Length: > 0 } listen)
        {
            await WatchAheadAsync(listen, exchange.CancellationToken).ConfigureAwait(false);
        }
        else if (exchange is { Method: McpMethod.ResourcesSubscribe, ErrorCode: 0 } && JsonText.TryGetString(exchange.Envelope.Uri.Of(exchange.Body.Span), out var uri) && OwnerOf(uri) is { } owner)
        {
            await owner.WatchingAsync(exchange.CancellationToken).ConfigureAwait(false);
        }
    }

    // The front opens the stream, and with it the topics, when this is done; until then they are watched for its sake.
    private async ValueTask WatchAheadAsync(ListenRequest listen, CancellationToken cancellationToken)
    {
        List<(Upstream Owner, string Uri)> watched = [];
        foreach (var uri in listen.Uris)
        {
            if (OwnerOf(uri) is { } owner)
            {
                owner.Watch(uri, wanted: true);
                watched.Add((owner, uri));
            }
        }

        listen.Settled = () => watched.ForEach(static one => one.Owner.Watch(one.Uri, wanted: false));
        await Task.WhenAll(watched.Select(static one => one.Owner).Distinct().Select(owner => owner.WatchingAsync(cancellationToken).AsTask())).ConfigureAwait(false);
    }

    private Upstream? OwnerOf(string uri) => GatewayResponder.OwnerOf(_catalog(), _upstreams.Span, Encoding.UTF8.GetBytes(uri), out _);
}
