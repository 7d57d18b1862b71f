namespace Peregrine.Server.Caching;

/// <summary>A call whose result is put into the cache ahead of the first who asks.</summary>
/// <param name="Tool">The name of a tool with a cache duration.</param>
/// <param name="Arguments">Its arguments, a JSON object.</param>
public sealed record McpCachedCall(string Tool, string Arguments = "{}");
