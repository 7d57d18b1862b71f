using Peregrine.Server.Content;
using Peregrine.Server.Resources;

namespace Peregrine.Server.Tools;

/// <summary>What a tool is called, takes and promises: everything that <c>tools/list</c> says of it, and how it wants to be run. Immutable.</summary>
public sealed record McpToolDefinition
{
    /// <summary>The unique name: 1 to 128 of <c>A-Z a-z 0-9 _ - .</c></summary>
    public required string Name { get; init; }

    /// <summary>A name for people, or null.</summary>
    public string? Title { get; init; }

    /// <summary>What the tool does, for the model, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The JSON Schema of the arguments, UTF-8: an object whose <c>type</c> is <c>object</c>. Sent as it is.</summary>
    public required ReadOnlyMemory<byte> InputSchema { get; init; }

    /// <summary>The JSON Schema of the structured result, UTF-8, or empty.</summary>
    public ReadOnlyMemory<byte> OutputSchema { get; init; }

    /// <summary>The icons, a raw JSON array, or empty (2025-11-25 and later).</summary>
    /// <exception cref="ArgumentException">It is no JSON array.</exception>
    public ReadOnlyMemory<byte> Icons { get; init => field = RawJson.TakeArray(value, nameof(Icons)); }

    /// <summary>The tool's <c>_meta</c>, a raw JSON object, or empty.</summary>
    /// <exception cref="ArgumentException">It is no JSON object.</exception>
    public ReadOnlyMemory<byte> Meta { get; init => field = RawJson.TakeObject(value, nameof(Meta)); }

    /// <summary>Hint that the tool changes nothing; null leaves it out.</summary>
    public bool? ReadOnly { get; init; }

    /// <summary>Hint that the tool may destroy; null leaves it out.</summary>
    public bool? Destructive { get; init; }

    /// <summary>Hint that a repeated call has no further effect; null leaves it out.</summary>
    public bool? Idempotent { get; init; }

    /// <summary>Hint that the tool reaches out into the world; null leaves it out.</summary>
    public bool? OpenWorld { get; init; }

    /// <summary>True where the handler blocks its thread.</summary>
    public bool Blocking { get; init; }

    /// <summary>True where the handler computes for long: at most as many such calls run at once as <c>SchedulingOptions.MaxCpuBoundCalls</c> says, on threads of their own.</summary>
    public bool CpuBound { get; init; }

    /// <summary>How long a call may take. More than zero, to one day; null: as long as the server allows.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many calls of this tool may run at once. 1 to 1,000,000; null: as many as the server allows.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>How long a result may be served again for equal arguments. Zero to 31 days.</summary>
    /// <value>Zero: never.</value>
    public TimeSpan CacheDuration { get; init; }

    /// <summary>For whom a cached result is.</summary>
    /// <value>Private: for its caller, where the front tells callers apart.</value>
    public McpCacheScope CacheScope { get; init; }

    /// <summary>What cached results depend on; <c>task:{id}</c> stands for <c>task:7</c> where the argument <c>id</c> is 7. At most 64, each of 1 to 256 characters, none of them a control character.</summary>
    public IReadOnlyList<string> CacheTags { get; init => field = Copy(value); } = [];

    /// <summary>The tags whose cached results a call of this tool drops. As for <see cref="CacheTags"/>.</summary>
    public IReadOnlyList<string> InvalidatesTags { get; init => field = Copy(value); } = [];

    /// <summary>How long calls take.</summary>
    public McpToolTier Tier { get; init; }

    /// <summary>
    /// The OAuth scopes that a caller needs, all of them (RFC 6749, section 3.3), in claims <c>scope</c> or <c>scp</c> of the user whom the host has authenticated. Others get error -32600 before anything
    /// runs; over HTTP with status 401 where nobody is known, else 403 and a challenge that names the scopes. The peer of stdio or of a pair of streams may call where its host names no user.
    /// </summary>
    public IReadOnlyList<string> Scopes { get; init => field = Copy(value); } = [];

    /// <summary>The roles of which a caller needs one (<see cref="System.Security.Claims.ClaimsPrincipal.IsInRole"/>), beside <see cref="Scopes"/>; none: any caller. Refused as there, without a challenge.</summary>
    public IReadOnlyList<string> Roles { get; init => field = Copy(value); } = [];

    /// <summary>What the tool belongs to, or null.</summary>
    public string? Category { get; init; }

    /// <summary>The tool's own version, or null.</summary>
    public string? Version { get; init; }

    /// <summary>Why the tool should no longer be used, and what to use in its place; null: it is not deprecated.</summary>
    public string? Deprecation { get; init; }

    /// <summary>The names of tools of the same server that this one needs; no circles.</summary>
    public IReadOnlyList<string> Dependencies { get; init => field = Copy(value); } = [];

    /// <summary>How concurrent calls are gathered into batches; null: not at all. Only for a <see cref="McpBatchToolHandler{T}"/>.</summary>
    public McpBatchOptions? Batch { get; init; }

    /// <summary>Every fault of the options above, in words; empty where they are valid. Names and schemas are judged where tools are put together.</summary>
    public IReadOnlyList<string> Validate() => ToolOptionRules.Validate(this);

    private static string[] Copy(IReadOnlyList<string> values) => [.. values ?? throw new ArgumentNullException(nameof(values))];
}
