using Peregrine.Gateway.Catalog;

namespace Peregrine.Gateway.Upstreams;

/// <content>Calls that go on as they came, by what their headers say (2026-07-28).</content>
internal sealed partial class ConnectedUpstream
{
    /// <inheritdoc/>
    internal override bool TakesUnread(CatalogItem item) =>
        _pool.First.Session is { TakesUnread: true }
        && item.Item.Headers is null
        && _configuration.Tools is null
        && _configuration.Hidden.IsDefaultOrEmpty
        && item.FullName == item.Item.Key;
}
