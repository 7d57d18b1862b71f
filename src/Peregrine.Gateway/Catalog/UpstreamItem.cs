using Peregrine.Protocol.Headers;

namespace Peregrine.Gateway.Catalog;

/// <summary>A tool, prompt, resource or resource template as its server describes it. Immutable.</summary>
/// <param name="Key">What it is told by at its server: its name, URI or URI template.</param>
/// <param name="KeyJson">The same as a raw JSON string, to be spliced into requests.</param>
/// <param name="Members">The other members, raw, each with a comma before it: schemas stay the bytes they were.</param>
/// <param name="Title">A name for people, where there is one.</param>
/// <param name="Description">What it is or does, where that is said.</param>
internal sealed record UpstreamItem(string Key, ReadOnlyMemory<byte> KeyJson, ReadOnlyMemory<byte> Members, string? Title, string? Description)
{
    /// <summary>The arguments that a call of a tool over HTTP repeats in headers (2026-07-28); null where there are none.</summary>
    internal ToolHeaders? Headers { get; init; }

    /// <summary>What is wrong with the annotations that ask for headers; null where nothing is. Over HTTP such a tool must not be offered.</summary>
    internal string? HeaderFault { get; init; }
}
