using Peregrine.Gateway.Catalog;
using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Gateway.Upstreams;

/// <summary>What a request is about, and where in its message that is said.</summary>
/// <param name="Item">The thing at its server; null where the server is asked for one that it does not list.</param>
/// <param name="Key">Where the name stands that the server knows by another; absent where it stays as it is.</param>
internal readonly record struct ForwardTarget(CatalogItem? Item, JsonRange Key)
{
    /// <summary>How long the call may take; zero for as long as calls to this server may.</summary>
    internal TimeSpan Timeout { get; init; }

    /// <summary>What the server calls it, a raw JSON string; empty where nothing is replaced.</summary>
    internal ReadOnlyMemory<byte> KeyJson => Key.IsPresent ? Item!.Item.KeyJson : default;
}
