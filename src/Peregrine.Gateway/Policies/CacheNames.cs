using Peregrine.Gateway.Catalog;

namespace Peregrine.Gateway.Policies;

/// <summary>The tags that every kept result has by itself, beside those of the configuration. No state.</summary>
internal static class CacheNames
{
    /// <summary>Of all results of a server.</summary>
    internal static string OfServer(string server) => $"server:{server}";

    /// <summary>Of the results that depend on what a server lists: those of its tools, or of its resources.</summary>
    internal static string OfList(string server, OfferKind kind) => kind == OfferKind.Tool ? $"tools:{server}" : $"resources:{server}";

    /// <summary>Of the contents of one resource.</summary>
    internal static string OfResource(string server, string uri) => $"resource:{server}:{uri}";
}
