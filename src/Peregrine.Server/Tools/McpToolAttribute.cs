using Peregrine.Server.Resources;

namespace Peregrine.Server.Tools;

/// <summary>Marks a method as a tool. Hints left unset are left out of the tool's annotations, so that MCP's defaults hold.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpToolAttribute : Attribute
{
    /// <summary>The tool's name; by default the method's name in snake_case, without a final "Async". 1 to 128 of <c>A-Z a-z 0-9 _ - .</c></summary>
    public string? Name { get; set; }

    /// <summary>A name for people.</summary>
    public string? Title { get; set; }

    /// <summary>Hint: the tool changes nothing. MCP's default: false.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Hint: the tool may destroy. MCP's default: true.</summary>
    public bool Destructive { get; set; } = true;

    /// <summary>Hint: a repeated call has no further effect. MCP's default: false.</summary>
    public bool Idempotent { get; set; }

    /// <summary>Hint: the tool reaches out into the world. MCP's default: true.</summary>
    public bool OpenWorld { get; set; } = true;

    /// <summary>
    /// True where the method blocks its thread (sleeps, waits, does file or network I/O synchronously): it then runs on threads of its own. Default false; a tool
    /// that once held a worker for 50 ms is treated so from then on.
    /// </summary>
    public bool Blocking { get; set; }

    /// <summary>
    /// True where the method computes for long: at most as many calls of such tools run at once as the server has processors (<c>SchedulingOptions.MaxCpuBoundCalls</c>), on threads of
    /// their own. Default false.
    /// </summary>
    public bool CpuBound { get; set; }

    /// <summary>How long a call may take, in seconds. More than 0, to 86,400; unset: as long as the server allows.</summary>
    public double TimeoutSeconds { get; set; }

    /// <summary>How many calls of this tool may run at once. 1 to 1,000,000; unset: as many as the server allows.</summary>
    public int MaxConcurrency { get; set; }

    /// <summary>How long a result may be served again for equal arguments, in seconds. 0 (never) to 2,678,400; default 0.</summary>
    public double CacheSeconds { get; set; }

    /// <summary>For whom a cached result is. Default: private, for its caller.</summary>
    public McpCacheScope CacheScope { get; set; }

    /// <summary>What cached results depend on, where <c>task:{id}</c> stands for <c>task:7</c> if the argument <c>id</c> is 7: a tool that invalidates one of these tags drops them. Each 1 to 256 characters, none of them a control character; at most 64.</summary>
    public string[] CacheTags { get; set; } = [];

    /// <summary>The tags whose cached results a call of this tool drops, before its reply is sent. As for <see cref="CacheTags"/>.</summary>
    public string[] InvalidatesTags { get; set; } = [];

    /// <summary>How long calls take. Default <see cref="McpToolTier.Normal"/>.</summary>
    public McpToolTier Tier { get; set; }

    /// <summary>The OAuth scopes that a caller needs, all of them; see <see cref="McpToolDefinition.Scopes"/>. Each of printable ASCII without blank, <c>"</c> and <c>\</c>.</summary>
    public string[] Scopes { get; set; } = [];

    /// <summary>The roles of which a caller needs one; see <see cref="McpToolDefinition.Roles"/>. None of them with a control character.</summary>
    public string[] Roles { get; set; } = [];

    /// <summary>What the tool belongs to, for those who search and sort tools.</summary>
    public string? Category { get; set; }

    /// <summary>The tool's own version.</summary>
    public string? Version { get; set; }

    /// <summary>Why the tool should no longer be used, and what to use in its place; unset: it is not deprecated.</summary>
    public string? Deprecation { get; set; }

    /// <summary>The names of tools of the same server that this one needs. A circle is a compiler error.</summary>
    public string[] Dependencies { get; set; } = [];

    /// <summary>
    /// The name of a method of the same class that finds out, after a crash, whether the call with a key has happened:
    /// <c>ValueTask&lt;McpReconciliation&gt; M(string key, CancellationToken cancellationToken)</c>. With it a call whose outcome was lost is completed or run, instead of answered as unknown.
    /// </summary>
    public string? Reconcile { get; set; }
}
