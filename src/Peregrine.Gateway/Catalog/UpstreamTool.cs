using Peregrine.Protocol.Headers;

namespace Peregrine.Gateway.Catalog;

/// <summary>A tool as its server describes it. Immutable.</summary>
/// <param name="Name">The name at its server.</param>
/// <param name="NameJson">The name as a raw JSON string, to be spliced into calls.</param>
/// <param name="Members">The members behind the name, raw, each with a comma before it: schemas stay the bytes they were.</param>
/// <param name="Title">A name for people, where there is one.</param>
/// <param name="Description">What it does, where that is said.</param>
internal sealed record UpstreamTool(string Name, ReadOnlyMemory<byte> NameJson, ReadOnlyMemory<byte> Members, string? Title, string? Description)
{
    /// <summary>The arguments that a call over HTTP repeats in headers (2026-07-28); null where there are none.</summary>
    internal ToolHeaders? Headers { get; init; }

    /// <summary>What is wrong with the annotations that ask for headers; null where nothing is. Over HTTP such a tool must not be offered.</summary>
    internal string? HeaderFault { get; init; }
}
