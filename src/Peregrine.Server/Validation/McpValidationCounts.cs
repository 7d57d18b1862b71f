namespace Peregrine.Server.Validation;

/// <summary>What validation has done since the server was built.</summary>
/// <param name="Arguments">Arguments of calls held against a schema.</param>
/// <param name="RefusedArguments">Those of them that broke it.</param>
/// <param name="Results">Structured results held against a schema.</param>
/// <param name="BrokenResults">Those of them that broke it.</param>
/// <param name="CacheHits">Schemas needed that were compiled before.</param>
/// <param name="CacheMisses">Schemas needed that were compiled then, or could not be.</param>
public readonly record struct McpValidationCounts(long Arguments, long RefusedArguments, long Results, long BrokenResults, long CacheHits, long CacheMisses);
