using System.Collections.Immutable;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>What a server offers, in the order in which its lists give it. Immutable.</summary>
internal sealed record RegistryContents
{
    /// <summary>The tools. Their names are valid and differ.</summary>
    internal ImmutableArray<McpToolHandler> Tools { get; init; } = [];
}
