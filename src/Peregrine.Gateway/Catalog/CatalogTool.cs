using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Catalog;

/// <summary>A tool that the gateway offers. Immutable.</summary>
/// <param name="FullName">The name under which clients call it.</param>
/// <param name="Tool">The tool at its server.</param>
/// <param name="Upstream">Its server.</param>
internal sealed record CatalogTool(string FullName, UpstreamTool Tool, Upstream Upstream);
