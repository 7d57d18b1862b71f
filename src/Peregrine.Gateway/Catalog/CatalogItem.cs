using Peregrine.Gateway.Upstreams;
using Peregrine.Server.Resources.Templates;

namespace Peregrine.Gateway.Catalog;

/// <summary>A tool, prompt, resource or resource template that the gateway offers. Immutable.</summary>
/// <param name="FullName">What clients call it by.</param>
/// <param name="Item">The thing at its server.</param>
/// <param name="Upstream">Its server.</param>
internal sealed record CatalogItem(string FullName, UpstreamItem Item, Upstream Upstream)
{
    /// <summary>What URIs belong to it; null where it is no template, or none that can be matched.</summary>
    internal UriTemplate? Template { get; init; }
}
