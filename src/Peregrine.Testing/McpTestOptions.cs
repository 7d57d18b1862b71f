using Peregrine.Client;
using Peregrine.Testing.Links;

namespace Peregrine.Testing;

/// <summary>How a <see cref="McpTest"/> connects. Immutable.</summary>
public sealed record McpTestOptions
{
    /// <summary>The defaults.</summary>
    public static McpTestOptions Default { get; } = new();

    /// <summary>The client's settings: its era, its capabilities, its handler for requests of the server. Its clock is the system's, so that a standing clock does not hold it up.</summary>
    public PeregrineClientOptions Client { get; init; } = new();

    /// <summary>What the link between the two does to messages. Default: nothing.</summary>
    public LinkFaults Link { get; init; } = LinkFaults.None;
}
