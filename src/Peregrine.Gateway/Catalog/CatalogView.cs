using Peregrine.Gateway.Configuration;
using Peregrine.Server.Registry;

namespace Peregrine.Gateway.Catalog;

/// <summary>The part of the catalog that a virtual server has. Readers take <see cref="Current"/> without a lock; it is replaced as a whole.</summary>
internal sealed class CatalogView
{
    private readonly Func<CatalogItem, OfferKind, bool> _has;
    private readonly Func<string, bool> _hasServer;
    private volatile CatalogSnapshot _current;

    /// <summary>Makes a view of a catalog; <see cref="Update"/> follows its changes.</summary>
    internal CatalogView(VirtualServerConfiguration configuration, CatalogSnapshot whole)
    {
        HashSet<string>? servers = configuration.Servers is { } named ? new(named, StringComparer.Ordinal) : null;
        NamePattern[]? tools = configuration.Tools is { } patterns ? [.. patterns.Select(static pattern => new NamePattern(pattern))] : null;
        _hasServer = server => servers is null || servers.Contains(server);
        _has = (item, kind) => _hasServer(item.Upstream.Name)
            && (kind != OfferKind.Tool || tools is null || Array.Exists(tools, pattern => pattern.Matches(item.FullName)));
        _current = whole.Where(_has, _hasServer);
    }

    /// <summary>Called after a change, in order, with the lists that differ from before.</summary>
    internal event Action<RegistryChange>? Changed;

    internal CatalogSnapshot Current => _current;

    /// <summary>Follows a change of the whole. One at a time.</summary>
    /// <param name="whole">The catalog now.</param>
    /// <param name="told">Lists that a server says have changed.</param>
    internal void Update(CatalogSnapshot whole, RegistryChange told)
    {
        var old = _current;
        _current = whole.Where(_has, _hasServer);
        if ((_current.DifferenceFrom(old) | told) is var change and not RegistryChange.None)
        {
            Changed?.Invoke(change);
        }
    }
}
