using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Catalog.Pinning;
using Peregrine.Gateway.Configuration;
using Peregrine.Server.Registry;
using Peregrine.Transport.Http;

namespace Peregrine.Gateway.Upstreams;

/// <content>What operators ask for.</content>
internal sealed partial class ConnectedUpstream
{
    internal override IReadOnlyList<ToolChange> ToolChanges => _pins?.Changes ?? [];

    internal override int MaxConnections => (_configuration as StdioUpstreamConfiguration)?.Pool.Max ?? 1;

    internal override HttpPoolStatistics Sockets => _pool.First.Session?.Connection is HttpConnection http ? http.Pool : default;

    internal override async ValueTask<bool> RestartAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_pool.Connections.Select(connection => connection.RestartAsync(patience, cancellationToken))).ConfigureAwait(false);
        return true;
    }

    internal override async ValueTask<int> AcceptAsync(string? tool, CancellationToken cancellationToken)
    {
        if (_pins is null)
        {
            return 0;
        }

        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (accepted, offered) = await _pins.AcceptAsync(tool, cancellationToken).ConfigureAwait(false);
            if (accepted > 0)
            {
                await SetOfferAsync(Offer.With(OfferKind.Tool, offered), RegistryChange.None, cancellationToken).ConfigureAwait(false);
            }

            return accepted;
        }
        finally
        {
            _reading.Release();
        }
    }
}
