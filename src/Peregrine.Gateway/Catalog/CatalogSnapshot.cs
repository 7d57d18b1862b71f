using System.Collections.Immutable;

namespace Peregrine.Gateway.Catalog;

/// <summary>What the gateway offers at one time: the merged tools, a table to find them, and the lists ready to be sent. Immutable.</summary>
internal sealed class CatalogSnapshot
{
    /// <summary>Counts the snapshots of a gateway, so that a reader can tell whether it has seen this one.</summary>
    internal required int Number { get; init; }

    internal required ImmutableArray<CatalogTool> Tools { get; init; }

    /// <summary>Tools that are not offered, and why.</summary>
    internal required ImmutableArray<string> Dropped { get; init; }

    /// <summary>The result of <c>tools/list</c> for clients of the session era.</summary>
    internal required byte[] SessionList { get; init; }

    /// <summary>The result of <c>tools/list</c> for clients of the stateless era.</summary>
    internal required byte[] StatelessList { get; init; }

    internal required NameTable Table { get; init; }
}
