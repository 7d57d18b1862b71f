namespace Peregrine.Server.Compat.Roots;

/// <summary>A folder or file in which a client works. Deprecated in 2026-07-28 with roots themselves: a new tool takes its paths as arguments.</summary>
/// <param name="Uri">Its URI, such as <c>file:///home/user/project</c>, as the client wrote it. It may be any text: judge it before use.</param>
/// <param name="Name">A name for people, or null.</param>
public sealed record McpRoot(string Uri, string? Name);
