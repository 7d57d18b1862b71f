using Peregrine.Server.Resources;

namespace Peregrine.Server.Caching;

/// <summary>How results of one tool or resource are cached.</summary>
/// <param name="Server">Who answers.</param>
/// <param name="Name">The name or URI.</param>
/// <param name="Duration">How long a result may be served.</param>
/// <param name="ClientTime">How long a client may keep one, where its author says so; else zero.</param>
/// <param name="Scope">For whom one is.</param>
/// <param name="Tags">What it depends on.</param>
internal sealed record CacheRules(PeregrineServer Server, string Name, TimeSpan Duration, TimeSpan ClientTime, McpCacheScope Scope, CacheTags Tags);
