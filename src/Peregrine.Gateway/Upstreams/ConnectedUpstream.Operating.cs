using Peregrine.Gateway.Catalog;
using Peregrine.Gateway.Catalog.Pinning;
using Peregrine.Gateway.Configuration;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Upstreams;

/// <content>What operators ask for.</content>
internal sealed partial class ConnectedUpstream
{
    internal override IReadOnlyList<ToolChange> ToolChanges => Pins?.Pins.Changes ?? [];

    internal override int MaxConnections => (_configuration as StdioUpstreamConfiguration)?.Pool.Max ?? 1;

    internal override async ValueTask<bool> RestartAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_pool.Connections.Select(connection => connection.RestartAsync(patience, cancellationToken))).ConfigureAwait(false);
        return true;
    }

    internal override async ValueTask<int> AcceptAsync(string? tool, CancellationToken cancellationToken)
    {
        if (Pins is null)
        {
            return 0;
        }

        var accepted = await Pins.Pins.AcceptAsync(tool, cancellationToken).ConfigureAwait(false);
        if (accepted > 0)
        {
            await OfferAgainAsync(cancellationToken).ConfigureAwait(false);
        }

        return accepted;
    }

    /// <summary>Offers its tools anew, after changes were accepted: others may be withheld now.</summary>
    internal async ValueTask OfferAgainAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Pins is { Seen.IsDefault: false })
            {
                await SetOfferAsync(Offer.With(OfferKind.Tool, Pins.Offered), RegistryChange.None, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _reading.Release();
        }
    }
}
